using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Transformer.Autograd.Files;

/// <summary>One tensor of a file: its name, element type, shape and little-endian, row-major bytes.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SafetensorsEntry
{
    /// <summary>Describes a tensor by its bytes, which are not copied: they must not change while a file is written from them.</summary>
    /// <param name="name">Any text but <c>__metadata__</c>.</param>
    /// <param name="type">What one element is.</param>
    /// <param name="shape">Sizes, all ≥ 0; [] is a single number.</param>
    /// <param name="data">The product of the shape times the element's size, in bytes.</param>
    /// <exception cref="ArgumentException">The name is reserved or not valid text, or the sizes disagree.</exception>
    public SafetensorsEntry(string name, ElementType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (name == SafetensorsFormat.MetadataName)
        {
            throw new ArgumentException($"no tensor can be called {name}: the format reserves the name", nameof(name));
        }

        if (!Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "no such element type");
        }

        SafetensorsFormat.RequireText(name, nameof(name));
        Name = name;
        Type = type;
        Shape = [.. shape];
        Data = data;
        if (BytesOrArgumentException() != data.Length)
        {
            throw new ArgumentException(
                $"{name}: shape {ElementTypes.Text(Shape)} of {type} takes {BytesOrArgumentException()} bytes, not {data.Length}", nameof(data));
        }
    }

    /// <summary>The tensor's name, such as <c>encoder.norm.weight</c>.</summary>
    public string Name { get; }

    /// <summary>What one element is.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes, outermost first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The bytes as they stand in the file: little-endian, row-major.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Describes a tensor by a copy of its numbers.</summary>
    /// <typeparam name="T">A number type that <see cref="ElementType"/> has: float, double, Half, or an integer of 8 to 64 bits.</typeparam>
    /// <param name="name">Any text but <c>__metadata__</c>.</param>
    /// <param name="shape">Sizes, outermost first.</param>
    /// <param name="values">As many numbers as the shape has elements, row-major.</param>
    /// <exception cref="ArgumentException">The format has no such type, or the sizes disagree.</exception>
    public static SafetensorsEntry From<T>(string name, IReadOnlyList<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        RequireLittleEndian();
        return new(name, ElementTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <summary>The numbers, seen in place.</summary>
    /// <typeparam name="T">The number type that belongs to <see cref="Type"/>.</typeparam>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged
    {
        RequireLittleEndian();
        return ElementTypes.Of<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(Data.Span)
            : throw new InvalidOperationException($"{Name} holds {Type}, not {typeof(T).Name}");
    }

    /// <summary>Name, type and shape in one line.</summary>
    public override string ToString() => $"{Name} {Type} {ElementTypes.Text(Shape)}";

    private long BytesOrArgumentException()
    {
        try
        {
            return ElementTypes.ByteCount(Type, Shape);
        }
        catch (InvalidDataException exception)
        {
            throw new ArgumentException($"{Name} {exception.Message}", exception);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("safetensors files are little-endian and this machine is not");
        }
    }
}

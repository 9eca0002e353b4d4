using System.Runtime.InteropServices;

namespace Transformer.Autograd;

/// <summary>
/// The memory behind one or more tensors: a plain array, from the pool when a <see cref="Step"/> was current, else an
/// ordinary object. Counts edits, so that a backward pass notices values that changed since the forward pass.
/// </summary>
internal sealed class Storage
{
    private readonly bool isRented;
    private Array? array;

    private Storage(Array array, DType dtype, bool isRented)
    {
        this.array = array;
        this.isRented = isRented;
        DType = dtype;
    }

    public DType DType { get; }

    /// <summary>How often the values were written after their operation had computed them.</summary>
    public int Version { get; private set; }

    public bool IsReleased => array is null;

    /// <summary>True for memory that ends with its step.</summary>
    public bool IsRented => isRented;

    /// <summary>Ordinary memory, all 0.</summary>
    public static Storage Allocate(DType dtype, int count) =>
        new(dtype == DType.Float32 ? new float[count] : new double[count], dtype, isRented: false);

    /// <summary>Pooled memory with arbitrary contents; give it back with <see cref="Release"/>.</summary>
    public static Storage Rent(DType dtype, int count) => new(BufferPool.Rent(dtype, count), dtype, isRented: true);

    /// <summary>Takes the array as it is, without a copy.</summary>
    public static Storage Wrap<T>(T[] values)
        where T : unmanaged => new(values, DTypes.Of<T>(), isRented: false);

    /// <summary>
    /// Gives rented memory back to the pool; every tensor on it is disposed from here on. Ordinary memory stays as it is.
    /// </summary>
    public void Release()
    {
        if (array is null || !isRented)
            return;
        BufferPool.Return(DType, array);
        array = null;
    }

    public void MarkEdited() => Version++;

    public Span<T> Span<T>(int offset, int count)
        where T : unmanaged
    {
        if (array is not T[] typed)
            throw WrongAccess<T>();
        // One bounds check, on the part that is asked for: the array may be longer, for it comes in size classes.
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(typed), typed.Length).Slice(offset, count);
    }

    private Exception WrongAccess<T>() =>
        array is null
            ? new ObjectDisposedException(
                nameof(Tensor),
                "This tensor was made inside a step that has ended, and its memory serves other tensors now. "
                + "Read it before the step ends, or call Keep() on it there.")
            : new InvalidOperationException($"This tensor holds {DType}, not {typeof(T).Name}.");
}

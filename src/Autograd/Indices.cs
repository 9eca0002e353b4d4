using System.Diagnostics;

namespace Transformer.Autograd;

/// <summary>Whole numbers with a shape: token ids [batch, length], rows to gather, classes. Immutable, not differentiable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Indices
{
    private readonly int[] values;

    /// <summary>The given numbers, row-major, copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public Indices(ReadOnlySpan<int> values, Shape? shape = null)
    {
        Shape = CheckedShape(values.Length, shape);
        this.values = values.ToArray();
    }

    private Indices(Shape shape, int[] values) => (Shape, this.values) = (shape, values);

    /// <summary>The numbers of this very array, without a copy: hand it over, and do not write to it later.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Indices Wrap(int[] values, Shape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Indices(CheckedShape(values.Length, shape), values);
    }

    /// <summary>start, start + 1, … [count].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Indices Range(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = start + i;
        return Wrap(values);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The numbers, row-major.</summary>
    public ReadOnlySpan<int> Values => values;

    /// <summary>Shape and the first numbers.</summary>
    public override string ToString() =>
        $"Indices {Shape} {string.Join(" ", values.Take(8))}{(values.Length > 8 ? " …" : string.Empty)}";

    private static Shape CheckedShape(int count, Shape? shape)
    {
        shape ??= [count];
        return shape.ElementCount == count
            ? shape
            : throw new ArgumentException($"Indices: {shape} has {shape.ElementCount} elements, but {count} values were given.");
    }
}

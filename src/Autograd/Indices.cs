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
        Shape = shape ?? [values.Length];
        if (Shape.ElementCount != values.Length)
            throw new ArgumentException($"Indices: {Shape} has {Shape.ElementCount} elements, but {values.Length} values were given.");
        this.values = values.ToArray();
    }

    private Indices(int[] values) => (this.values, Shape) = (values, [values.Length]);

    /// <summary>start, start + 1, … [count].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Indices Range(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = start + i;
        return new Indices(values);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The numbers, row-major.</summary>
    public ReadOnlySpan<int> Values => values;

    /// <summary>Shape and the first numbers.</summary>
    public override string ToString() =>
        $"Indices {Shape} {string.Join(" ", values.Take(8))}{(values.Length > 8 ? " …" : string.Empty)}";
}

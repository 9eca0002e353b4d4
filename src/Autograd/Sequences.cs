using System.Diagnostics;

namespace Transformer.Autograd;

/// <summary>
/// Sequences of different lengths that lie one after the other on one axis, without padding between them: where each begins
/// and ends. A batch that is packed so spends no work on padding; <see cref="Mask.Within"/> keeps its sequences apart.
/// Immutable.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Sequences
{
    private readonly int[] starts;

    /// <summary>Sequences of these lengths, in this order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative.</exception>
    public Sequences(params ReadOnlySpan<int> lengths)
    {
        starts = new int[lengths.Length + 1];
        for (int i = 0; i < lengths.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(lengths[i], nameof(lengths));
            starts[i + 1] = checked(starts[i] + lengths[i]);
            Longest = Math.Max(Longest, lengths[i]);
        }
    }

    /// <summary>Number of sequences.</summary>
    public int Count => starts.Length - 1;

    /// <summary>Number of positions of all sequences: the length of the axis.</summary>
    public int Total => starts[^1];

    /// <summary>The longest length.</summary>
    public int Longest { get; }

    /// <summary>Where each sequence begins, and behind the last one <see cref="Total"/>.</summary>
    public ReadOnlySpan<int> Starts => starts;

    /// <summary>Length of a sequence.</summary>
    public int Length(int sequence) => starts[sequence + 1] - starts[sequence];

    /// <summary>The sequence that a position on the axis belongs to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public int SequenceAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Total);
        (int low, int high) = (0, Count); // starts[low] ≤ position < starts[high]
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = starts[middle] <= position ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>For each position on the axis, which one it is in its own sequence: 0 1 2 0 1 …, shaped [1, Total].</summary>
    public Indices Positions()
    {
        int[] positions = new int[Total];
        for (int sequence = 0; sequence < Count; sequence++)
        {
            for (int i = starts[sequence]; i < starts[sequence + 1]; i++)
                positions[i] = i - starts[sequence];
        }

        return Indices.Wrap(positions, [1, Total]);
    }

    /// <summary>Their number and lengths.</summary>
    public override string ToString() =>
        $"{Count} sequences of {Total} positions: {string.Join(" ", Enumerable.Range(0, Math.Min(Count, 8)).Select(Length))}{(Count > 8 ? " …" : string.Empty)}";
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>Adds to each embedded token a vector that says where it stands; attention alone cannot tell.</summary>
public abstract class PositionalEncoding : Module
{
    private protected PositionalEncoding()
    {
    }

    /// <summary>One row for each position, [maximumLength, modelSize].</summary>
    protected abstract Tensor Table { get; }

    /// <summary>The longest sequence.</summary>
    public int MaximumLength => Table.Shape[0];

    /// <inheritdoc/>
    public override string OutputShape => $"[.., length, {Table.Shape[1]}]";

    /// <summary>x[b, t, :] + table[offset + t, :].</summary>
    /// <param name="x">Embedded tokens, [batch, length, modelSize].</param>
    /// <param name="offset">The position of the first one: in incremental decoding, how many came before.</param>
    /// <exception cref="ArgumentException">A position is beyond the table.</exception>
    public Tensor Forward(Tensor x, int offset = 0)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        int length = x.Shape[-2];
        return x + TableFor(offset, length).Slice(0, offset, length);
    }

    /// <summary>The table, which has these positions.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    internal Tensor TableFor(int offset, int length)
    {
        if (offset < 0 || offset + (long)length > MaximumLength)
            throw Beyond($"positions {offset} to {offset + (long)length - 1} do");

        return Table;
    }

    /// <summary>x[i, :] + table[positions[i], :], where each token says where it stands: several sentences packed on one axis.</summary>
    /// <param name="x">Embedded tokens, [1, tokens, modelSize].</param>
    /// <param name="positions">Each token's position in its own sentence, [1, tokens].</param>
    /// <exception cref="ArgumentException">A position is beyond the table.</exception>
    public Tensor Forward(Tensor x, Indices positions)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(positions);
        CheckPositions(positions.Values);
        return x + Table.Gather(positions);
    }

    private void CheckPositions(ReadOnlySpan<int> positions)
    {
        foreach (int position in positions)
        {
            if (position < 0 || position >= MaximumLength)
                throw Beyond($"position {position} does");
        }
    }

    private ArgumentException Beyond(string positions) => new(
        $"{Kind}: {positions} not lie within the model's maximum length {MaximumLength}; "
        + "shorten the sequence, or make the model with a larger MaximumLength.");
}

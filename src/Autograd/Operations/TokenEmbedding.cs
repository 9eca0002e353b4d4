using System.Buffers;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of an embedding with positions.</summary>
/// <param name="Tokens">Which row of the table, in the shape of the result without its last axis.</param>
/// <param name="Positions">Which row of the positions, for the tokens' last axes: they repeat along those before.</param>
/// <param name="Scale">Factor of the table's rows.</param>
/// <param name="PaddingRow">A row of the table that gets no gradient, or −1.</param>
/// <param name="Dropout">Dropout of the sum.</param>
public sealed record TokenEmbeddingAttributes(Indices Tokens, Indices Positions, double Scale, int PaddingRow, DropoutAttributes Dropout);

/// <summary>
/// The input of a Transformer (Vaswani et al. 2017, sections 3.4 and 5.4): each token's row of a table, scaled, plus its
/// position's row of another, and dropout.
/// </summary>
internal sealed class TokenEmbedding(Tensor table, Tensor positions, TokenEmbeddingAttributes attributes) : Operation(table, positions)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            if (table.Rank != 2 || positions.Rank != 2 || table.Shape[1] != positions.Shape[1])
                throw ShapeError($"the table is [rows, width] and the positions [maximumLength, width], not {table.Shape} and {positions.Shape}");
            Shape tokens = attributes.Tokens.Shape;
            Shape repeated = attributes.Positions.Shape;
            if (repeated.Rank > tokens.Rank || !tokens.Skip(tokens.Rank - repeated.Rank).SequenceEqual(repeated))
                throw ShapeError($"the positions' numbers are those of the tokens' last axes, not {repeated} for tokens {tokens}");
            return [.. tokens, table.Shape[1]];
        }
    }

    private int Width => table.Shape[1];

    private int Count => attributes.Tokens.Values.Length;

    // y[i, :] = dropout(scale · table[tokenᵢ, :] + positions[positionᵢ, :])
    protected override void Forward<T>(Span<T> y)
    {
        // Rows without elements cannot be told apart by the kernel.
        if (y.IsEmpty)
            return;
        int[] numbers = RepeatedPositions();
        Kernels.TokenEmbedding.Forward(
            Values<T>(table), attributes.Tokens.Values, T.CreateChecked(attributes.Scale), Values<T>(positions), numbers.AsSpan(0, Count),
            T.CreateChecked(attributes.Dropout.Rate), attributes.Dropout.Key, y, Width);
        ArrayPool<int>.Shared.Return(numbers);
    }

    // ∂L/∂table[t, :] += scale Σᵢ dropout(∂L/∂y)[i, :] over all i with tokenᵢ = t; 0 for the padding row
    // ∂L/∂positions[p, :] += Σᵢ dropout(∂L/∂y)[i, :] over all i with positionᵢ = p
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        T rate = T.CreateChecked(attributes.Dropout.Rate);
        if (Needs(table))
        {
            Span<T> dTable = ContributionTo<T>(table);
            if (Width > 0)
            {
                Kernels.TokenEmbedding.Backward(
                    dy, attributes.Tokens.Values, T.CreateChecked(attributes.Scale), rate, attributes.Dropout.Key, dTable, Width, attributes.PaddingRow);
            }
        }

        if (Needs(positions))
        {
            Span<T> dPositions = ContributionTo<T>(positions);
            if (Width == 0)
                return;
            int[] numbers = RepeatedPositions();
            Kernels.TokenEmbedding.Backward(dy, numbers.AsSpan(0, Count), T.One, rate, attributes.Dropout.Key, dPositions, Width);
            ArrayPool<int>.Shared.Return(numbers);
        }
    }

    protected internal override Tensor Composed()
    {
        Tensor tokens = table.Gather(attributes.Tokens, attributes.PaddingRow) * attributes.Scale;
        return (tokens + positions.Gather(attributes.Positions)).Dropout(attributes.Dropout.Rate, attributes.Dropout.Key);
    }

    // A position's number for each token, in an array that goes back to the pool.
    private int[] RepeatedPositions()
    {
        ReadOnlySpan<int> once = attributes.Positions.Values;
        int[] numbers = ArrayPool<int>.Shared.Rent(Count);
        for (int start = 0; start < Count; start += once.Length)
            once.CopyTo(numbers.AsSpan(start));
        return numbers;
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// Rows of this table [rows, width] times a factor, plus rows of <paramref name="positions"/>, and dropout:
    /// <c>(Gather(tokens) * scale + positions.Gather(numbers)).Dropout(rate, key)</c> in one pass.
    /// </summary>
    /// <param name="tokens">Row numbers, in the shape of the result without its last axis.</param>
    /// <param name="scale">Factor of the table's rows.</param>
    /// <param name="positions">A row for each position, [maximumLength, width].</param>
    /// <param name="numbers">Which of them, for the tokens' last axes; they repeat along the axes before.</param>
    /// <param name="rate">Probability of dropping an element, in [0, 1).</param>
    /// <param name="key">Which random numbers to draw.</param>
    /// <param name="paddingRow">A row of the table whose uses contribute no gradient, or −1.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row, or the rate is not in [0, 1).</exception>
    public Tensor TokenEmbedding(
        Indices tokens, double scale, Tensor positions, Indices numbers, double rate, RandomKey key, int paddingRow = -1)
    {
        DropoutAttributes dropout = DropoutAttributes.Checked(nameof(TokenEmbedding), rate, key);
        return new TokenEmbedding(this, positions, new TokenEmbeddingAttributes(tokens, numbers, scale, paddingRow, dropout)).Apply();
    }
}

using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// The input of a Transformer (Vaswani et al. 2017, sections 3.4 and 5.4) in one pass: y[i, :] = dropout(scale · table[tokenᵢ, :] +
/// positions[positionᵢ, :]). To the same bits as gathering, scaling, adding and <see cref="Dropout.Forward"/> one after the other.
/// </summary>
public static unsafe class TokenEmbedding
{
    /// <summary>y[i, :] = dropout(scale · table[tokenᵢ, :] + positions[positionᵢ, :]).</summary>
    /// <param name="table">[vocabulary, width].</param>
    /// <param name="tokens">Row of the table for each row of y.</param>
    /// <param name="scale">Factor of the table's rows, such as √width; 1 for none.</param>
    /// <param name="positions">[positions, width], learned or sinusoidal; empty means 0.</param>
    /// <param name="positionNumbers">Row of the positions for each row of y; empty where the positions are.</param>
    /// <param name="rate">Probability of dropping an element, 0 ≤ rate &lt; 1; at 0 no random numbers are drawn.</param>
    /// <param name="key">Names the mask.</param>
    /// <param name="output">y [tokens, width].</param>
    /// <param name="width">Elements in a row.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row number is outside its table, or the rate is negative, 1 or more, or NaN.</exception>
    public static void Forward<T>(ReadOnlySpan<T> table, ReadOnlySpan<int> tokens, T scale, ReadOnlySpan<T> positions,
        ReadOnlySpan<int> positionNumbers, T rate, RandomKey key, Span<T> output, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Indexing.CheckRows(table.Length, tokens, nameof(output), output.Length, width);
        Check.Length(nameof(positionNumbers), positionNumbers.Length, positions.IsEmpty ? 0 : tokens.Length);
        if (!positions.IsEmpty)
            Indexing.CheckRows(positions.Length, positionNumbers, nameof(output), output.Length, width);
        DropoutMask<T> mask = new(rate, key);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
            {
                T sum = scale * table[(tokens[i / width] * width) + (i % width)];
                if (!positions.IsEmpty)
                    sum += positions[(positionNumbers[i / width] * width) + (i % width)];
                output[i] = mask.Of(sum, i);
            }
            return;
        }
        fixed (T* x = table, p = positions, y = output)
        fixed (int* t = tokens, n = positionNumbers)
        {
            Ranges.Run<T, TokenEmbeddingKernel<T>>(tokens.Length, width, new(new(x, table.Length), new(t, tokens.Length), scale,
                new(p, positions.Length), new(n, positionNumbers.Length), mask, new(y, output.Length), width));
        }
    }

    /// <summary>
    /// ∂L/∂table[t, :] = Σ scale · dropout(∂L/∂y)[i, :] over all i with tokenᵢ = t, in their order at any number of threads. With the position numbers for tokens
    /// and a scale of 1 it is the gradient of learned positions.
    /// </summary>
    /// <param name="outputGradient">∂L/∂y [tokens, width].</param>
    /// <param name="tokens">As in <see cref="Forward"/>.</param>
    /// <param name="scale">As in <see cref="Forward"/>.</param>
    /// <param name="rate">As in <see cref="Forward"/>.</param>
    /// <param name="key">As in <see cref="Forward"/>.</param>
    /// <param name="tableGradient">∂L/∂table [vocabulary, width]; every element is assigned.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="ignoredToken">A row of the table that takes no gradient, such as that of the padding token; −1 for none.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside the table, or the rate is negative, 1 or more, or NaN.</exception>
    public static void Backward<T>(ReadOnlySpan<T> outputGradient, ReadOnlySpan<int> tokens, T scale, T rate, RandomKey key,
        Span<T> tableGradient, int width, int ignoredToken = -1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Indexing.CheckRows(tableGradient.Length, tokens, nameof(outputGradient), outputGradient.Length, width, ignoredToken);
        DropoutMask<T> mask = new(rate, key);
        Copying.Clear(tableGradient);
        if (Execution.Plain)
        {
            for (int i = 0; i < outputGradient.Length; i++)
            {
                int token = tokens[i / width];
                if (token != ignoredToken)
                    tableGradient[(token * width) + (i % width)] += scale * mask.Of(outputGradient[i], i);
            }
            return;
        }
        fixed (T* dy = outputGradient, dx = tableGradient)
        fixed (int* t = tokens)
        {
            Ranges.Run<T, TokenEmbeddingGradientKernel<T>>(RowOwners.Count, RowOwners.Elements(outputGradient.Length), new(
                new(dy, outputGradient.Length), new(t, tokens.Length), scale, mask, new(dx, tableGradient.Length), width, ignoredToken));
        }
    }
}

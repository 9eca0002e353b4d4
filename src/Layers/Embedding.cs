using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// A vector for each token of a vocabulary, key <c>weight</c> [vocabularySize, modelSize]. The paper multiplies these by
/// √modelSize (Vaswani et al. 2017, section 3.4); <see cref="TransformerModel"/> does so where it adds the positions,
/// for an output projection may share the table and uses it unscaled.
/// </summary>
public sealed class Embedding : Module
{
    private readonly int? paddingIndex;

    /// <summary>
    /// Draws the table normally with deviation 1/√modelSize, so that after the multiplication by √modelSize an element has
    /// variance 1; the padding row starts at zero.
    /// </summary>
    /// <param name="vocabularySize">Number of tokens.</param>
    /// <param name="modelSize">Length of a vector.</param>
    /// <param name="paddingIndex">
    /// A token whose look-ups give its row no gradient; null for none. (Where an output projection shares the table, that
    /// row still receives the projection's gradient, as in PyTorch.)
    /// </param>
    /// <param name="streams">Where random numbers come from.</param>
    /// <param name="dtype">Element type of the table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the padding index is no token.</exception>
    public Embedding(int vocabularySize, int modelSize, int? paddingIndex, RandomStreams streams, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(streams);
        SizeCheck.Positive(nameof(Embedding), vocabularySize);
        SizeCheck.Positive(nameof(Embedding), modelSize);
        if (paddingIndex < 0 || paddingIndex >= vocabularySize)
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), paddingIndex, $"Embedding: a padding index is a token, 0 to {vocabularySize - 1}.");
        this.paddingIndex = paddingIndex;
        Tensor table = Tensor.Normal([vocabularySize, modelSize], streams.NextInitialKey(), 0, 1 / Math.Sqrt(modelSize), dtype);
        if (paddingIndex is { } padding)
            table.Slice(0, padding, 1).Fill(0);
        Weight = Register("weight", table);
    }

    /// <summary>The table, [vocabularySize, modelSize].</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override string OutputShape => $"[.., {Weight.Shape[1]}]";

    /// <summary>The tokens' rows, [..] → [.., modelSize].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary.</exception>
    public Tensor Forward(Indices tokens)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(tokens);
        return Weight.Gather(tokens, paddingIndex ?? -1);
    }

    /// <summary>
    /// The input of a stack of layers (Vaswani et al. 2017, sections 3.4, 3.5 and 5.4): dropout(scale · row of the token + row of
    /// its position), in one pass.
    /// </summary>
    /// <param name="tokens">[.., length].</param>
    /// <param name="scale">Factor of the table's rows; the paper has √modelSize.</param>
    /// <param name="positions">A row for each position, [positions, modelSize].</param>
    /// <param name="numbers">Which of them, for the tokens' last axes.</param>
    /// <param name="dropout">The dropout of the sum.</param>
    /// <returns>[.., length, modelSize].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary, or there is no such position.</exception>
    public Tensor Forward(Indices tokens, double scale, Tensor positions, Indices numbers, Dropout dropout)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(dropout);
        using ModuleScope scope = Enter();
        return Weight.TokenEmbedding(tokens, scale, positions, numbers, dropout.ActiveRate, dropout.Key, paddingIndex ?? -1);
    }
}

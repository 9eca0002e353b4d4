using System.Diagnostics;
using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// The tokens of a batch of sentences, one after the other without padding, so that no layer computes anything for padding:
/// every tensor of the model is then [1, tokens, modelSize], and <see cref="Mask.Within"/> keeps the sentences apart.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PackedTokens
{
    /// <summary>Tokens and where sentences begin among them.</summary>
    /// <param name="tokens">One after the other, [1, tokens].</param>
    /// <param name="sentences">Their lengths.</param>
    /// <exception cref="ArgumentException">The lengths do not add up to the number of tokens.</exception>
    public PackedTokens(Indices tokens, Sequences sentences)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(sentences);
        if (!tokens.Shape.Is(1, sentences.Total))
            throw new ArgumentException($"PackedTokens: the tokens of {sentences} are [1, {sentences.Total}], not {tokens.Shape}.");
        Tokens = tokens;
        Sentences = sentences;
    }

    /// <summary>The sentences' tokens, [1, tokens].</summary>
    public Indices Tokens { get; }

    /// <summary>Where each sentence begins and ends.</summary>
    public Sequences Sentences { get; }

    /// <summary>Where each token stands in its sentence, [1, tokens].</summary>
    public Indices Positions => field ??= Sentences.Positions();

    /// <summary>Packs the rows of a padded batch, each without the padding at its end.</summary>
    /// <param name="tokens">[batch, length], row by row.</param>
    /// <param name="length">Length of a row.</param>
    /// <param name="padding">The token that fills rows up.</param>
    /// <exception cref="ArgumentException">The tokens do not make whole rows.</exception>
    public static PackedTokens FromPadded(ReadOnlySpan<int> tokens, int length, int padding)
    {
        if (length < 1 || tokens.Length % length != 0)
            throw new ArgumentException($"PackedTokens: {tokens.Length} tokens are not rows of {length}.");
        int[] lengths = new int[tokens.Length / length];
        for (int row = 0; row < lengths.Length; row++)
            lengths[row] = tokens.Slice(row * length, length).TrimEnd(padding).Length;
        Sequences sentences = new(lengths);
        int[] packed = new int[sentences.Total];
        for (int row = 0; row < lengths.Length; row++)
            tokens.Slice(row * length, lengths[row]).CopyTo(packed.AsSpan(sentences.Starts[row]));
        return new PackedTokens(Indices.Wrap(packed, [1, packed.Length]), sentences);
    }

    /// <summary>The sentences' number and lengths.</summary>
    public override string ToString() => $"tokens of {Sentences}";
}

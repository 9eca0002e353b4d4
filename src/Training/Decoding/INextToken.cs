using Transformer.Autograd;

namespace Transformer.Training.Decoding;

/// <summary>
/// A decoder that is fed one token per row at a time. Rows are prefixes of translations; a search drops, repeats and
/// reorders them.
/// </summary>
public interface INextToken
{
    /// <summary>Prefixes under way.</summary>
    int RowCount { get; }

    /// <summary>Appends a token to every prefix and returns the logits of the next, [row, vocabulary].</summary>
    Tensor Next(ReadOnlySpan<int> tokens);

    /// <summary>Row i continues what was row <c>rows[i]</c>; rows may be dropped and repeated.</summary>
    void Select(ReadOnlySpan<int> rows);
}

/// <summary>What both searches ask of their arguments.</summary>
internal static class SearchArguments
{
    public static void Check(INextToken decoder, IReadOnlyList<int> lengthLimits)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(lengthLimits);
        if (lengthLimits.Count != decoder.RowCount)
            throw new ArgumentException($"{lengthLimits.Count} length limits for {decoder.RowCount} sentences; pass one for each.", nameof(lengthLimits));
        if (lengthLimits.Any(limit => limit < 1))
            throw new ArgumentOutOfRangeException(nameof(lengthLimits), lengthLimits.Min(), "A sentence may get 1 token or more.");
    }
}

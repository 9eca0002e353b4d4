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

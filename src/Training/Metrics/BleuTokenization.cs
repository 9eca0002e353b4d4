namespace Transformer.Training.Metrics;

/// <summary>How BLEU cuts a line into tokens. A score means nothing without it.</summary>
public enum BleuTokenization
{
    /// <summary>sacreBLEU's <c>13a</c>, the tokenizer of the WMT campaigns (mteval-v13a).</summary>
    ThirteenA,

    /// <summary>sacreBLEU's <c>none</c>: the text is cut at white space.</summary>
    None,

    /// <summary>
    /// The matches of <c>&lt;unk&gt;|\w+|[^\w\s]</c> in the lower-cased text: lower-cases always. These are the tokens of a
    /// <see cref="Data.WordTokenizer"/>; scores are not comparable with those of other tokenizations.
    /// </summary>
    Tokens,
}

namespace Transformer.Training.Data;

/// <summary>How large a batch may be: so many sentence pairs, or so many tokens.</summary>
public readonly record struct BatchLimit
{
    private BatchLimit(int largest, bool countsTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(largest);
        Largest = largest;
        CountsTokens = countsTokens;
    }

    /// <summary>The number of pairs or of tokens.</summary>
    public int Largest { get; }

    /// <summary>Whether it is a number of tokens.</summary>
    public bool CountsTokens { get; }

    /// <summary>At most so many sentence pairs.</summary>
    public static BatchLimit Sentences(int count) => new(count, countsTokens: false);

    /// <summary>
    /// At most so many tokens on the longer side, padding included. A sentence pair that is longer than that alone is a batch of
    /// its own.
    /// </summary>
    public static BatchLimit Tokens(int count) => new(count, countsTokens: true);

    internal bool Allows(int size, int longest) => (CountsTokens ? (long)size * longest : size) <= Largest;
}

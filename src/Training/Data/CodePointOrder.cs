namespace Transformer.Training.Data;

/// <summary>
/// Orders strings by their code points, as Python does. .NET's ordinal order is that of UTF-16 units, which puts the characters
/// beyond U+FFFF (surrogates, D800 to DFFF) before those from U+E000 to U+FFFF.
/// </summary>
internal sealed class CodePointOrder : IComparer<string>
{
    public static CodePointOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        int common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length) return x.Length - y.Length;
        return Rank(x[common]) - Rank(y[common]);
    }

    // Surrogates move behind everything else.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Training.Tests.Data;

/// <summary>Properties over text: how they are run, and generators of text that is hard on tokenizers.</summary>
internal static class TextProperty
{
    // Words, punctuation, several kinds of white space, marks, numbers that .NET takes for no word characters, characters
    // beyond U+FFFF, letters with special lower cases, and the texts that tokenizers use for themselves.
    private static readonly string[] Snippets =
    [
        "a", "b", "ab", "aab", "Hund", "straße", "É", "e\u0301", "Σ", "İ", "x²", "½", "Ⅷ", "_", "‿", "日本", "ａ", "𝒳", "𐐀", "😀", "7", "3.14",
        ".", ",", "-", "'", "\"", "“", "„", "(", ")", "▁", "<", ">", "<▁>", "<unk>", "<pad>", "&", "\u200D",
        " ", " ", " ", "  ", "\t", "\u00A0", "\u2028", "\u001F",
    ];

    public static Arbitrary<string> Text { get; } =
        Gen.Elements(Snippets).ListOf().Select(string.Concat).ToArbitrary();

    public static Arbitrary<string[]> Lines { get; } = Text.Generator.ListOf().Select(lines => lines.ToArray()).ToArbitrary();

    /// <summary>
    /// Checks the property on random values. A failure prints its two seeds; FSCHECK_REPLAY="seed,gamma" in the environment starts
    /// from them again.
    /// </summary>
    public static void Holds<T>(Arbitrary<T> values, Func<T, bool> body, int times = 200)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(times).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable("FSCHECK_REPLAY")?.Trim('(', ')').Split(',') is [string seed, string gamma, ..])
            config = config.WithReplay(ulong.Parse(seed, CultureInfo.InvariantCulture), ulong.Parse(gamma, CultureInfo.InvariantCulture));
        Check.One(config, Prop.ForAll(values, body));
    }
}

using FsCheck;
using FsCheck.Fluent;
using Transformer.Testing;
using Xunit;

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

    /// <summary>Checks the property on generated values.</summary>
    public static void Holds<T>(Arbitrary<T> values, Func<T, bool> body, int times = 200) =>
        Properties.Check(times, values, value => Assert.True(body(value)));
}

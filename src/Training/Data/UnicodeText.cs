using System.Globalization;
using System.Text;

namespace Transformer.Training.Data;

/// <summary>
/// What a word, white space and lower case are, exactly as Python 3 sees them in <c>\w</c>, <c>\s</c> and <c>str.lower</c>.
/// .NET's own regular expressions differ: their <c>\w</c> takes in combining marks and every connector (‿) and leaves out the
/// other numbers (², ½, Ⅷ); they see the two halves of a character beyond U+FFFF as two; and <c>ToLower</c> knows neither the
/// Greek final sigma nor the dot that İ keeps. Left over is the Unicode version: letters that a newer one added.
/// </summary>
internal static class UnicodeText
{
    private const char CapitalSigma = 'Σ', SmallSigma = 'σ', FinalSigma = 'ς', CapitalDottedI = 'İ';

    /// <summary>Python's <c>\w</c>: letters, numbers of every kind, and the underscore.</summary>
    public static bool IsWord(Rune character) =>
        character.Value == '_' || IsLetter(Rune.GetUnicodeCategory(character)) || IsNumber(Rune.GetUnicodeCategory(character));

    /// <summary>Python's <c>\s</c>: .NET's white space and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(Rune character) => Rune.IsWhiteSpace(character) || character.Value is >= 0x1C and <= 0x1F;

    /// <summary>Whether the text has nothing but white space.</summary>
    public static bool IsBlank(string text)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            if (!IsSpace(character)) return false;
        }
        return true;
    }

    /// <summary>The parts between white space, as Python's <c>str.split()</c>.</summary>
    public static List<string> SplitAtSpaces(string text)
    {
        var parts = new List<string>();
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            // Every white space character is a single UTF-16 unit.
            if (i < text.Length && !IsSpaceUnit(text[i])) continue;
            if (i > start) parts.Add(text[start..i]);
            start = i + 1;
        }
        return parts;
    }

    /// <summary>Without the white space at the end, as Python's <c>str.rstrip()</c>.</summary>
    public static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpaceUnit(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>Python's <c>str.lower</c>.</summary>
    public static string ToLower(string text)
    {
        if (text.AsSpan().IndexOfAny(CapitalSigma, CapitalDottedI) < 0) return text.ToLowerInvariant();
        var lower = new StringBuilder(text.Length);
        int at = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            if (character.Value == CapitalDottedI)
                lower.Append("i\u0307");
            else if (character.Value == CapitalSigma)
                lower.Append(IsFinal(text, at) ? FinalSigma : SmallSigma);
            else
                lower.Append(Rune.ToLowerInvariant(character));
            at += character.Utf16SequenceLength;
        }
        return lower.ToString();
    }

    // Unicode, section 3.13, Final_Sigma: a cased letter stands before it and none after it, where marks and
    // apostrophes in between do not count.
    private static bool IsFinal(string text, int sigma) =>
        NextThatCounts(text[..sigma].EnumerateRunes().Reverse()) is { } before && IsCased(before)
        && !(NextThatCounts(text[(sigma + 1)..].EnumerateRunes()) is { } after && IsCased(after));

    private static Rune? NextThatCounts(IEnumerable<Rune> characters)
    {
        foreach (Rune character in characters)
        {
            if (!IsCaseIgnorable(character)) return character;
        }
        return null;
    }

    private static bool IsCased(Rune character) =>
        Rune.GetUnicodeCategory(character) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || character.Value is 'ª' or 'º'
            or (>= 0x2160 and <= 0x217F) // Roman numerals
            or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189); // letters in circles and squares

    private static bool IsCaseIgnorable(Rune character) =>
        Rune.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || character.Value is '\'' or '.' or ':' or '·' or 0x387 or 0x55F or 0x5F4 or '‘' or '’' or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A;

    private static bool IsSpaceUnit(char unit) => char.IsWhiteSpace(unit) || unit is >= '\u001C' and <= '\u001F';

    private static bool IsLetter(UnicodeCategory category) =>
        category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    private static bool IsNumber(UnicodeCategory category) =>
        category is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}

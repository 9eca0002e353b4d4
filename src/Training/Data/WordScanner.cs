using System.Text;

namespace Transformer.Training.Data;

/// <summary>A word or a punctuation mark of a line.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="AfterSpace">Whether white space, or the line's start, stands before it.</param>
internal readonly record struct Piece(string Text, bool AfterSpace);

/// <summary>Cuts a line where the pattern <c>\w+|[^\w\s]</c> of Python's <c>re</c> would.</summary>
internal static class WordScanner
{
    /// <summary>The words (runs of word characters) and the other characters one by one, without the white space.</summary>
    public static List<Piece> Scan(string line)
    {
        var pieces = new List<Piece>();
        int wordStart = -1;
        int at = 0;
        bool afterSpace = true;
        foreach (Rune character in line.EnumerateRunes())
        {
            bool isWord = UnicodeText.IsWord(character);
            if (isWord && wordStart < 0) wordStart = at;
            if (!isWord)
            {
                EndWord();
                bool isSpace = UnicodeText.IsSpace(character);
                if (!isSpace) pieces.Add(new Piece(line.Substring(at, character.Utf16SequenceLength), afterSpace));
                afterSpace = isSpace;
            }
            at += character.Utf16SequenceLength;
        }
        EndWord();
        return pieces;

        void EndWord()
        {
            if (wordStart < 0) return;
            pieces.Add(new Piece(line[wordStart..at], afterSpace));
            wordStart = -1;
            afterSpace = false;
        }
    }
}

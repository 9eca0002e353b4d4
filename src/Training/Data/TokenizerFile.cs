namespace Transformer.Training.Data;

/// <summary>Tokenizers as text files: a first line that names the kind, then what that kind needs.</summary>
public static class TokenizerFile
{
    /// <summary>Writes the tokenizer's settings.</summary>
    /// <exception cref="DataFileException">The file cannot be written.</exception>
    public static void Save(ITokenizer tokenizer, string path)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        TextFile.Write(path, tokenizer.Write);
    }

    /// <summary>Makes the tokenizer again that <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataFileException">The file cannot be read, or is not the whole of a tokenizer.</exception>
    public static ITokenizer Load(string path) => Read(path, TextFile.ReadLines(path));

    /// <summary>The same from lines that stand in another file under this name.</summary>
    internal static ITokenizer Read(string name, IReadOnlyList<string> text)
    {
        var lines = new NumberedLines(name, text);
        string kind = lines.Next();
        ITokenizer tokenizer = kind switch
        {
            WordTokenizer.Header => new WordTokenizer(ReadCase(lines)),
            BytePairEncoding.Header => new BytePairEncoding(lowerCase: ReadCase(lines), merges: ReadMerges(lines)),
            _ => throw lines.Fault($"unknown tokenizer '{kind}'"),
        };
        lines.End();
        return tokenizer;
    }

    internal static string CaseLine(bool lowerCase) => lowerCase ? "lower-case yes" : "lower-case no";

    private static bool ReadCase(NumberedLines lines)
    {
        string line = lines.Next();
        if (line == CaseLine(true)) return true;
        if (line == CaseLine(false)) return false;
        throw lines.Fault($"'{CaseLine(true)}' or '{CaseLine(false)}' expected");
    }

    private static List<Merge> ReadMerges(NumberedLines lines)
    {
        if (lines.Next().Split(' ') is not ["merges", string number] || !int.TryParse(number, out int count) || count < 0)
            throw lines.Fault("'merges' and their number expected");
        var merges = new List<Merge>();
        var seen = new HashSet<Merge>();
        for (int i = 0; i < count; i++)
        {
            if (lines.Next().Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw lines.Fault("two symbols with one space between them expected");
            merges.Add(new Merge(left, right));
            if (!seen.Add(merges[^1])) throw lines.Fault($"the merge '{left} {right}' came before");
        }
        return merges;
    }

    private sealed class NumberedLines(string path, IReadOnlyList<string> lines)
    {
        private int read;

        public string Next() =>
            read < lines.Count ? lines[read++] : throw new DataFileException($"{path}: ends after line {read}, where more must follow");

        public void End()
        {
            if (read < lines.Count) throw new DataFileException($"{path}: line {read + 1}: nothing more expected");
        }

        public DataFileException Fault(string what) => new($"{path}: line {read}: {what}");
    }
}

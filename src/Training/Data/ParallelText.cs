namespace Transformer.Training.Data;

/// <summary>Sentence pairs from two files, of which line n of the one is the translation of line n of the other.</summary>
public sealed class ParallelText
{
    private ParallelText(string name, IReadOnlyList<SentencePair> lines)
    {
        Name = name;
        Lines = lines;
        Pairs = [.. lines.Where(pair => !UnicodeText.IsBlank(pair.Source) && !UnicodeText.IsBlank(pair.Target))];
    }

    /// <summary>Both files, for messages.</summary>
    public string Name { get; }

    /// <summary>All lines of the files side by side, those without text, too.</summary>
    public IReadOnlyList<SentencePair> Lines { get; }

    /// <summary>The pairs with text on both sides, in the files' order.</summary>
    public IReadOnlyList<SentencePair> Pairs { get; }

    /// <summary>How many pairs were left out because a side is empty or only white space.</summary>
    public int EmptyCount => Lines.Count - Pairs.Count;

    /// <summary>Reads two files, each plain or <c>.gz</c>, in strict UTF-8.</summary>
    /// <param name="sourceFile">One sentence a line.</param>
    /// <param name="targetFile">Their translations, line by line.</param>
    /// <returns>At least one pair.</returns>
    /// <exception cref="DataFileException">A file cannot be read (see <see cref="TextFile.ReadLines"/>), the files differ in
    /// their number of lines, or no pair has text on both sides.</exception>
    public static ParallelText Read(string sourceFile, string targetFile)
    {
        IReadOnlyList<string> sources = TextFile.ReadLines(sourceFile);
        IReadOnlyList<string> targets = TextFile.ReadLines(targetFile);
        if (sources.Count != targets.Count)
            throw new DataFileException(
                $"{sourceFile} has {sources.Count} lines, {targetFile} has {targets.Count}: line n of one must translate line n of the other");
        var text = new ParallelText($"{sourceFile}, {targetFile}", [.. sources.Zip(targets, (source, target) => new SentencePair(source, target))]);
        return text.Pairs.Count > 0 ? text : throw new DataFileException($"{text.Name}: no sentence pair among {sources.Count} lines");
    }
}

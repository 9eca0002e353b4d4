namespace Transformer.Training.Data;

/// <summary>Sentence pairs from two files, of which line n of the one is the translation of line n of the other.</summary>
public sealed class ParallelText
{
    private ParallelText(IReadOnlyList<SentencePair> pairs, int emptyCount)
    {
        Pairs = pairs;
        EmptyCount = emptyCount;
    }

    /// <summary>The pairs with text on both sides, in the files' order.</summary>
    public IReadOnlyList<SentencePair> Pairs { get; }

    /// <summary>How many pairs were left out because a side is empty or only white space.</summary>
    public int EmptyCount { get; }

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
        var pairs = new List<SentencePair>(sources.Count);
        for (int i = 0; i < sources.Count; i++)
        {
            if (UnicodeText.IsBlank(sources[i]) || UnicodeText.IsBlank(targets[i])) continue;
            pairs.Add(new SentencePair(sources[i], targets[i]));
        }
        if (pairs.Count == 0)
            throw new DataFileException($"{sourceFile}, {targetFile}: no sentence pair among {sources.Count} lines");
        return new ParallelText(pairs, sources.Count - pairs.Count);
    }
}

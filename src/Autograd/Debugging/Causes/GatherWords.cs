namespace Transformer.Autograd.Debugging;

/// <summary>The word behind a row that an embedding looked up.</summary>
internal static class GatherWords
{
    /// <summary>Row, place and word of an output element, for a report's line.</summary>
    public static string Note(Recording recording, RecordedOperation operation, int output)
    {
        Indices rows = EmbeddingTerms.Rows(operation);
        int place = output / operation.Inputs[0].Shape[1];
        string word = Word(recording, operation, place) is { } known ? $" “{known}”" : string.Empty;
        return $"; row {rows.Values[place]}{word} at {WhyText.Index(rows.Shape, place)}";
    }

    /// <summary>Place, class and word of the target in whose row of the first input an element is, for a report's line.</summary>
    public static string TargetNote(Recording recording, RecordedOperation crossEntropy, int element)
    {
        Indices targets = ((CrossEntropyAttributes)crossEntropy.Attributes!).Targets;
        int place = element / crossEntropy.Inputs[0].Shape[-1];
        int target = targets.Values[place];
        string word = WordOfTarget(recording, target) is { } known ? $" “{known}”" : string.Empty;
        return $"; target {target}{word} at {WhyText.Index(targets.Shape, place)}";
    }

    /// <summary>The word, where the recording has words for these rows; else null.</summary>
    public static string? Word(Recording recording, RecordedOperation operation, int place)
    {
        Indices rows = EmbeddingTerms.Rows(operation);
        if (rows.Shape.Rank != 2)
            return null;
        string[] axes = [.. recording.Words.Where(axis => Fits(rows, axis.Value)).Select(axis => axis.Key)];
        // Source and target may both fit; then the module's name decides.
        string? chosen = axes.Length == 1 ? axes[0] : Array.Find(axes, axis => operation.Module.Contains(axis, StringComparison.OrdinalIgnoreCase));
        if (chosen is null)
            return null;
        IReadOnlyList<string> sentence = recording.Words[chosen][place / rows.Shape[1]];
        return place % rows.Shape[1] < sentence.Count ? sentence[place % rows.Shape[1]] : null;
    }

    // What an embedding of target words calls this class.
    private static string? WordOfTarget(Recording recording, int target)
    {
        foreach (RecordedOperation gather in recording.Operations.Where(operation => OperationTerms.KindOf(operation) is "Gather" or "TokenEmbedding"))
        {
            int place = EmbeddingTerms.Rows(gather).Values.IndexOf(target);
            bool isTarget = recording.Words.Count == 1 || gather.Module.Contains("target", StringComparison.OrdinalIgnoreCase);
            if (place >= 0 && isTarget && Word(recording, gather, place) is { } word)
                return word;
        }

        return null;
    }

    // As many sentences, none longer, and no two words for one row.
    private static bool Fits(Indices rows, IReadOnlyList<IReadOnlyList<string>> sentences)
    {
        if (sentences.Count != rows.Shape[0])
            return false;
        Dictionary<int, string> words = [];
        for (int b = 0; b < sentences.Count; b++)
        {
            if (sentences[b].Count > rows.Shape[1])
                return false;
            for (int t = 0; t < sentences[b].Count; t++)
            {
                int row = rows.Values[(b * rows.Shape[1]) + t];
                if (words.TryGetValue(row, out string? word) && word != sentences[b][t])
                    return false;
                words[row] = sentences[b][t];
            }
        }

        return true;
    }
}

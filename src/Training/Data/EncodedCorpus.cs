namespace Transformer.Training.Data;

/// <summary>A sentence pair in numbers; both sides end with <see cref="Vocabulary.End"/>.</summary>
/// <param name="Source">[source length]</param>
/// <param name="Target">[target length]</param>
public sealed record EncodedPair(int[] Source, int[] Target);

/// <summary>Sentence pairs in numbers, and how many were too long to be among them.</summary>
public sealed class EncodedCorpus
{
    private EncodedCorpus(IReadOnlyList<EncodedPair> pairs, int droppedCount)
    {
        Pairs = pairs;
        DroppedCount = droppedCount;
    }

    /// <summary>The pairs that were kept, in the order of the text.</summary>
    public IReadOnlyList<EncodedPair> Pairs { get; }

    /// <summary>How many pairs were kept.</summary>
    public int KeptCount => Pairs.Count;

    /// <summary>How many pairs were dropped because a side is longer than the limit.</summary>
    public int DroppedCount { get; }

    /// <summary>Encodes all pairs of which neither side is longer than a limit.</summary>
    /// <param name="pairs">The text.</param>
    /// <param name="source">Encodes the source sides.</param>
    /// <param name="target">Encodes the target sides.</param>
    /// <param name="maximumLength">The largest number of tokens on a side; <c>&lt;eos&gt;</c> is not counted.</param>
    /// <param name="name">The text's name, for the message.</param>
    /// <exception cref="DataFileException">No pair is left.</exception>
    public static EncodedCorpus Encode(IReadOnlyList<SentencePair> pairs, TextEncoder source, TextEncoder target, int maximumLength, string name = "the text")
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        // Each language on a thread of its own.
        Task<int[][]> encodingTargets = Task.Run(() => pairs.Select(pair => target.Encode(pair.Target)).ToArray());
        int[][] sources = [.. pairs.Select(pair => source.Encode(pair.Source))];
        int[][] targets = encodingTargets.GetAwaiter().GetResult();
        var kept = new List<EncodedPair>(pairs.Count);
        for (int i = 0; i < pairs.Count; i++)
        {
            if (Math.Max(sources[i].Length, targets[i].Length) - 1 <= maximumLength) kept.Add(new EncodedPair(sources[i], targets[i]));
        }
        if (kept.Count == 0)
            throw new DataFileException($"{name}: no sentence pair is left: of {pairs.Count} none has at most {maximumLength} tokens a side");
        return new EncodedCorpus(kept, pairs.Count - kept.Count);
    }
}

using Transformer.Training.Data.BuiltIn.Grammar;

namespace Transformer.Training.Data.BuiltIn.Sampling;

/// <summary>A sentence with its tree.</summary>
internal sealed record SampledSentence(Sentence Tree, AlignedPair Pair);

/// <summary>Draws the four sets from one stream of sentences.</summary>
internal sealed class CorpusBuilder
{
    /// <summary>How often each word of validation and tests occurs in training, at the least.</summary>
    public const int LeastOccurrences = 20;

    /// <summary>Longer sentences are drawn anew.</summary>
    public const int MostWords = 20;

    private readonly SentenceSampler sampler;
    private readonly HashSet<string> seen = [];
    private readonly List<SampledSentence> setAside = [];
    private readonly WordCounter sourceWords = new();
    private readonly WordCounter targetWords = new();

    public CorpusBuilder(ulong seed, int trainingPairs, int validationPairs, int testPairs, int combinationPairs)
    {
        sampler = new SentenceSampler(new RandomStream(seed));
        while (Training.Count < trainingPairs)
        {
            if (Draw() is not { } sentence)
                continue;
            if (IsFree(sentence))
                AddToTraining(sentence);
        }

        // The pool that was drawn alongside serves the combination test first.
        var pool = new Queue<SampledSentence>(setAside);
        int least = Math.Min(LeastOccurrences, trainingPairs / 1000);
        Fill(Validation, validationPairs, least);
        Fill(Test, testPairs, least);
        while (CombinationTest.Count < combinationPairs)
        {
            SampledSentence? sentence = pool.Count > 0 ? pool.Dequeue() : Draw();
            if (sentence is not null && Combinations.Of(sentence.Tree).HasRelatedReservedPair && IsFamiliar(sentence, least))
                CombinationTest.Add(sentence);
        }
    }

    public List<SampledSentence> Training { get; } = [];

    public List<SampledSentence> Validation { get; } = [];

    public List<SampledSentence> Test { get; } = [];

    public List<SampledSentence> CombinationTest { get; } = [];

    private void Fill(List<SampledSentence> set, int count, int least)
    {
        while (set.Count < count)
        {
            if (Draw() is { } sentence && IsFree(sentence) && IsFamiliar(sentence, least))
                set.Add(sentence);
        }
    }

    // A sentence that has not been drawn before, or null. Of sentences with the same German the first one stays.
    private SampledSentence? Draw()
    {
        Sentence tree = sampler.Next();
        AlignedPair pair = tree.ToPair();
        if (WordCounter.Length(pair.Source) > MostWords || WordCounter.Length(pair.Target) > MostWords)
            return null;
        return seen.Add(pair.Source) ? new SampledSentence(tree, pair) : null;
    }

    private bool IsFree(SampledSentence sentence)
    {
        if (!Combinations.Of(sentence.Tree).HasReservedPair)
            return true;
        setAside.Add(sentence);
        return false;
    }

    private void AddToTraining(SampledSentence sentence)
    {
        Training.Add(sentence);
        sourceWords.Add(sentence.Pair.Source);
        targetWords.Add(sentence.Pair.Target);
    }

    private bool IsFamiliar(SampledSentence sentence, int least) =>
        sourceWords.HasAll(sentence.Pair.Source, least) && targetWords.HasAll(sentence.Pair.Target, least);
}

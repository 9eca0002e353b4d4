using Transformer.Autograd;
using Transformer.Training.Data;

namespace Benchmarks.Steps;

/// <summary>Batches of random tokens, the same for the same seed: speed does not depend on what the tokens mean.</summary>
internal static class RandomBatches
{
    // Batches that the steps take in turn.
    private const int TranslationCount = 4;
    private const int LanguageCount = 8;

    private const int FirstWord = Vocabulary.Unknown;

    /// <summary>
    /// Sentence pairs with lengths uniform in [longest / 2, longest] on either side; the first pair of a batch has the longest.
    /// </summary>
    public static Batch[] Translation(StepPreset preset, ulong seed)
    {
        SplitMix64 random = new(seed, stream: 0);
        Batch[] batches = new Batch[TranslationCount];
        for (int i = 0; i < batches.Length; i++)
        {
            EncodedPair[] pairs = new EncodedPair[preset.BatchSize];
            for (int row = 0; row < pairs.Length; row++)
                pairs[row] = new EncodedPair(Sentence(preset, row, ref random), Sentence(preset, row, ref random));
            batches[i] = new Batch(pairs, [.. Enumerable.Range(0, pairs.Length)]);
        }

        return batches;
    }

    /// <summary>Sequences of full length, and the token after each of theirs.</summary>
    public static (Indices Tokens, Indices Next)[] Language(StepPreset preset, ulong seed)
    {
        SplitMix64 random = new(seed, stream: 0);
        (Indices, Indices)[] batches = new (Indices, Indices)[LanguageCount];
        Shape shape = [preset.BatchSize, preset.Length];
        for (int i = 0; i < batches.Length; i++)
        {
            int[] tokens = new int[shape.ElementCount];
            int[] next = new int[shape.ElementCount];
            for (int row = 0; row < preset.BatchSize; row++)
            {
                Span<int> text = new int[preset.Length + 1];
                foreach (ref int token in text)
                    token = random.Below(preset.VocabularySize);
                text[..^1].CopyTo(tokens.AsSpan(row * preset.Length));
                text[1..].CopyTo(next.AsSpan(row * preset.Length));
            }

            batches[i] = (new Indices(tokens, shape), new Indices(next, shape));
        }

        return batches;
    }

    private static int[] Sentence(StepPreset preset, int row, ref SplitMix64 random)
    {
        int shortest = Math.Max(1, preset.Length / 2);
        int length = row == 0 ? preset.Length : shortest + random.Below(preset.Length - shortest + 1);
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++)
            tokens[i] = FirstWord + random.Below(preset.VocabularySize - FirstWord);
        return tokens;
    }
}

using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Decoding;

namespace Transformer.Training;

/// <summary>What to translate with: a model and the tokenizers and vocabularies of its two languages.</summary>
public sealed class Translator
{
    // The widest beam that full batches are decoded with.
    private const int WidthOfFullBatch = 8;

    /// <summary>Target tokens that a translation may have beyond its source's.</summary>
    public const int ExtraLength = 20;

    /// <summary>Joins a model to its languages.</summary>
    /// <exception cref="ArgumentException">A vocabulary has another size than the model's.</exception>
    public Translator(TransformerModel model, TextEncoder source, TextEncoder target)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Vocabulary.Count != model.Configuration.SourceVocabularySize
            || target.Vocabulary.Count != model.Configuration.TargetVocabularySize)
        {
            throw new ArgumentException(
                $"Translator: the model is for {model.Configuration.SourceVocabularySize} source and "
                + $"{model.Configuration.TargetVocabularySize} target tokens, the vocabularies have "
                + $"{source.Vocabulary.Count} and {target.Vocabulary.Count}.");
        }

        Model = model;
        Source = source;
        Target = target;
    }

    /// <summary>The model.</summary>
    public TransformerModel Model { get; }

    /// <summary>The language that is translated.</summary>
    public TextEncoder Source { get; }

    /// <summary>The language that comes out.</summary>
    public TextEncoder Target { get; }

    /// <summary>The longest source sentence, in tokens without &lt;eos&gt;.</summary>
    public int LongestSource => Model.Configuration.MaximumLength - 1;

    /// <summary>True for a sentence of more tokens than <see cref="LongestSource"/>, which cannot be translated.</summary>
    public bool IsTooLong(string line) => Source.Encode(line).Length - 1 > LongestSource;

    /// <summary>Translates lines, in order.</summary>
    /// <param name="lines">Sentences of at most <see cref="LongestSource"/> tokens; an empty one gives an empty one.</param>
    /// <param name="beamWidth">1 searches greedily, more with a <see cref="BeamSearch"/>.</param>
    /// <param name="lengthPenalty">The beam search's α: larger values favour longer translations.</param>
    /// <param name="batchSize">Sentences that are decoded together; fewer of them with a beam wider than 8, which needs its memory for each hypothesis.</param>
    /// <exception cref="ArgumentException">A sentence is too long.</exception>
    /// <exception cref="NotFiniteNumberException">The model's parameters are broken: a logit is no number.</exception>
    public IReadOnlyList<string> Translate(
        IReadOnlyList<string> lines, int beamWidth = 1, double lengthPenalty = BeamSearch.DefaultLengthPenalty, int batchSize = 128)
    {
        ArgumentNullException.ThrowIfNull(lines);
        int[][] sources = [.. lines.Select(Encode)];
        string[] results = new string[lines.Count];
        // Sentences of like length together waste little on padding; nothing else depends on the order.
        IEnumerable<int[]> batches = Enumerable.Range(0, lines.Count).OrderBy(i => sources[i].Length).Chunk(BatchSize(batchSize, beamWidth));
        foreach (int[] batch in batches)
        {
            IReadOnlyList<Hypothesis> hypotheses = Search([.. batch.Select(i => sources[i])], beamWidth, lengthPenalty);
            for (int row = 0; row < batch.Length; row++)
                results[batch[row]] = sources[batch[row]].Length == 1 ? string.Empty : Target.Decode([.. hypotheses[row].Tokens]);
        }

        return results;
    }

    /// <summary>How many sentences are decoded together, so that a wide beam takes no more memory than one of 8.</summary>
    internal static int BatchSize(int most, int beamWidth) => Math.Max(1, (int)((long)most * WidthOfFullBatch / Math.Max(WidthOfFullBatch, beamWidth)));

    /// <summary>Translates one line greedily and tells what each produced token attended to.</summary>
    /// <exception cref="ArgumentException">The sentence is too long.</exception>
    /// <exception cref="NotFiniteNumberException">The model's parameters are broken: a logit is no number.</exception>
    public AttentionOfTranslation TranslateWithAttention(string line)
    {
        int[] source = Encode(line);
        int[] target = [.. GreedyTokens(source)];
        int[] input = [Vocabulary.Begin, .. target[..^1]];
        List<Tensor> weights = [];
        Model.Evaluate();
        using NoGradient scope = new();
        using Step step = new();
        Model.Forward(new Indices(source, [1, source.Length]), new Indices(input, [1, input.Length]), weights);
        return new AttentionOfTranslation(
            Target.Decode(target), Tokens(Source, source), Tokens(Target, target), Model.Configuration.HeadCount,
            [.. weights.Select(layer => layer.ToDoubles())]);
    }

    // With <eos>, unless the limit cut it off: one more position might be one more than the model knows.
    private IEnumerable<int> GreedyTokens(int[] source)
    {
        if (source.Length == 1)
            return [Vocabulary.End];
        Hypothesis hypothesis = Search([source], beamWidth: 1, BeamSearch.DefaultLengthPenalty)[0];
        return hypothesis.IsFinished ? hypothesis.Tokens.Append(Vocabulary.End) : hypothesis.Tokens;
    }

    private static string[] Tokens(TextEncoder encoder, int[] indices) => [.. indices.Select(index => encoder.Vocabulary[index])];

    private int[] Encode(string line)
    {
        int[] tokens = Source.Encode(line);
        return tokens.Length - 1 <= LongestSource
            ? tokens
            : throw new ArgumentException($"The sentence has {tokens.Length - 1} tokens, the model takes up to {LongestSource}: {Shorten(line)}");
    }

    private static string Shorten(string line) => line.Length <= 60 ? line : line[..60] + "…";

    private IReadOnlyList<Hypothesis> Search(int[][] sources, int beamWidth, double lengthPenalty)
    {
        Model.Evaluate();
        int length = sources.Max(source => source.Length);
        int[] padded = new int[sources.Length * length];
        for (int row = 0; row < sources.Length; row++)
            sources[row].CopyTo(padded, row * length);
        // The target may not outgrow the positions that the model knows.
        int[] limits = [.. sources.Select(source => Math.Min(source.Length + ExtraLength, Model.Configuration.MaximumLength))];
        CachedDecoder decoder = new(Model, new Indices(padded, [sources.Length, length]));
        return beamWidth == 1 ? GreedySearch.Decode(decoder, limits) : new BeamSearch(beamWidth, lengthPenalty).Decode(decoder, limits);
    }
}

/// <summary>A translation with the decoder's cross-attention.</summary>
/// <param name="Text">The translation.</param>
/// <param name="SourceTokens">Source tokens, &lt;eos&gt; included.</param>
/// <param name="TargetTokens">Produced tokens, &lt;eos&gt; included where it was reached.</param>
/// <param name="HeadCount">Heads of each layer.</param>
/// <param name="Weights">For each decoder layer the weights [head, target, source], row-major.</param>
public sealed record AttentionOfTranslation(
    string Text, IReadOnlyList<string> SourceTokens, IReadOnlyList<string> TargetTokens, int HeadCount, IReadOnlyList<double[]> Weights);

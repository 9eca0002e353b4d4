using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Decoding;
using Transformer.Training.Losses;
using Transformer.Training.Optimizers;

namespace Benchmarks.Steps;

/// <summary>
/// The translation model on random tokens, trained as <see cref="Trainer"/> trains: by the same <see cref="StepComputation"/>,
/// with label smoothing, clipping of the gradients and Adam.
/// </summary>
internal sealed class TranslationWorkload : StepWorkload
{
    private const ulong Seed = 1;
    private const double LabelSmoothing = 0.1;
    private const double LargestGradientNorm = 1;
    private const double LearningRate = 1e-4;
    private const int LongestDecoded = 64;

    private readonly StepPreset preset;
    private readonly TransformerModel model;
    private readonly Adam optimizer;
    private readonly StepComputation computation;
    private readonly Batch[] batches;
    private double norm;

    public TranslationWorkload(StepPreset preset)
    {
        this.preset = preset;
        RandomStreams random = new(Seed);
        model = new TransformerModel(
            new TransformerConfiguration
            {
                SourceVocabularySize = preset.VocabularySize,
                TargetVocabularySize = preset.VocabularySize,
                ModelSize = preset.ModelSize,
                HeadCount = preset.HeadCount,
                FeedForwardSize = preset.FeedForwardSize,
                EncoderLayerCount = preset.LayerCount,
                DecoderLayerCount = preset.LayerCount,
                DropoutRate = preset.DropoutRate,
                TiedOutput = false,
                MaximumLength = preset.Length,
                PaddingIndex = Vocabulary.Padding,
            },
            random);
        optimizer = new Adam([.. model.Parameters()], LearningRate, AdamOptions.Paper);
        computation = new StepComputation(model, optimizer, random, LabelSmoothing);
        batches = RandomBatches.Translation(preset, Seed);
        TargetTokens = batches.Average(batch => batch.TargetTokens);
    }

    public override long ParameterCount => model.ParameterCount;

    public override double TargetTokens { get; }

    public override double FlopPerStep => FlopCount.Translation(preset);

    public override int DecodeLength => Math.Min(preset.Length, LongestDecoded);

    public override double Gradients(int number)
    {
        StepBatches step = new(Epoch: 1, number + 1, [batches[number % batches.Length]]);
        (double lossSum, norm) = computation.Run(step);
        return lossSum / step.Tokens;
    }

    public override void Update() => optimizer.Step(GradientClipping.Scale(norm, LargestGradientNorm));

    public override void Norm() => GradientClipping.GlobalNorm(optimizer.Parameters);

    public override void Evaluate()
    {
        model.Evaluate();
        // Every row is to decode to the end: a logit this low is never the largest. Nor is padding a token that follows.
        if (model.Output.Bias is { } bias)
        {
            bias[Vocabulary.End] = -1e9;
            bias[Vocabulary.Padding] = -1e9;
        }
    }

    public override double Forward()
    {
        using NoGradient scope = new();
        using Step memory = new();
        return TranslationLoss.Of(model, batches[0], LabelSmoothing).Item();
    }

    public override void Decode(int rows)
    {
        Batch batch = batches[0];
        Indices source = new(batch.Source.AsSpan(0, rows * batch.SourceLength), [rows, batch.SourceLength]);
        GreedySearch.Decode(new CachedDecoder(model, source), [.. Enumerable.Repeat(DecodeLength, rows)]);
    }
}

using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Benchmarks.Steps;

/// <summary>A language model on random tokens: mean cross-entropy and AdamW without decay, gradients not clipped.</summary>
internal sealed class GptWorkload : StepWorkload
{
    private const ulong Seed = 1;
    private const double LearningRate = 1e-4;

    private readonly StepPreset preset;
    private readonly GptModel model;
    private readonly Adam optimizer;
    private readonly RandomStreams random = new(Seed);
    private readonly (Indices Tokens, Indices Next)[] batches;
    private uint steps;

    public GptWorkload(StepPreset preset)
    {
        this.preset = preset;
        model = new GptModel(
            new GptConfiguration
            {
                VocabularySize = preset.VocabularySize,
                ModelSize = preset.ModelSize,
                HeadCount = preset.HeadCount,
                LayerCount = preset.LayerCount,
                MaximumLength = preset.Length,
                DropoutRate = preset.DropoutRate,
            },
            random);
        optimizer = new Adam([.. model.Parameters()], LearningRate, new AdamOptions(DecoupledDecay: true));
        batches = RandomBatches.Language(preset, Seed);
    }

    public override long ParameterCount => model.ParameterCount;

    public override double TargetTokens => (double)preset.BatchSize * preset.Length;

    public override double FlopPerStep => FlopCount.Gpt(preset);

    public override double Gradients(int number)
    {
        model.ZeroGradients();
        random.Step = ++steps;
        using Step memory = new();
        (Indices tokens, Indices next) = batches[number % batches.Length];
        Tensor loss = model.Loss(tokens, next);
        double value = loss.Item();
        loss.Backward();
        return value;
    }

    public override void Update() => optimizer.Step();

    public override void Evaluate() => model.Evaluate();

    public override double Forward()
    {
        using NoGradient scope = new();
        using Step memory = new();
        return model.Loss(batches[0].Tokens, batches[0].Next).Item();
    }
}

namespace Samples.Tests.Translate;

/// <summary>A model that knows the small text by heart; trained once for all tests that only look at it.</summary>
public sealed class TrainedModel : IDisposable
{
    internal SmallText Text { get; } = new();

    internal Finished Training { get; }

    public TrainedModel() => Training = TranslateProgram.Run(Text.Train(
        "--valid-source", Text.Source, "--valid-target", Text.Target,
        "--epochs", "25", "--dropout", "0", "--learning-rate", "0.005", "--warm-up", "60", "--json"));

    public void Dispose() => Text.Dispose();
}

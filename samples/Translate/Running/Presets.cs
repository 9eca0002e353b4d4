namespace Transformer.Samples.Translate.Running;

/// <summary>Settings by name. Rates and warm-ups suit some ten thousand sentence pairs and a few thousand steps.</summary>
internal static class Presets
{
    public const string Default = "small";

    public static readonly string[] Names = ["tiny", "small", "base", "multi30k", "multi30k-best"];

    /// <summary>One line for each preset, for the help.</summary>
    public const string Help =
        "Sizes and recipe [default: small]\n"
        + "tiny: 2+2 layers, model size 64, 4 heads, feed-forward 128, batch 32, rate 0.002 after 400 steps\n"
        + "small: 3+3 layers, 128, 8 heads, 512, batch 64, rate 0.001 after 1000 steps\n"
        + "base: 3+3 layers, 256, 8 heads, 1024, batch 128, rate 0.0007 after 2000 steps\n"
        + "multi30k: 3+3 layers, 256, 8 heads, 512, batch 128, rate 0.001 after 400 steps, lower-cased, tied output\n"
        + "multi30k-best: as multi30k, but 192, 6 heads, 384, batch 64, rate 0.0025 after 500 steps, byte pairs, dropout 0.15, average 0.999\n"
        + "where nothing else is said: words, minimum frequency 2, dropout 0.1, label smoothing 0.1, clipping at 1";

    public static RunSettings Named(string name) => name switch
    {
        "tiny" => new()
        {
            LayerCount = 2,
            ModelSize = 64,
            HeadCount = 4,
            FeedForwardSize = 128,
            Batch = 32,
            LearningRate = 2e-3,
            WarmUp = 400,
        },
        "small" => new()
        {
            LayerCount = 3,
            ModelSize = 128,
            HeadCount = 8,
            FeedForwardSize = 512,
            Batch = 64,
            LearningRate = 1e-3,
            WarmUp = 1000,
        },
        "base" => new()
        {
            LayerCount = 3,
            ModelSize = 256,
            HeadCount = 8,
            FeedForwardSize = 1024,
            Batch = 128,
            LearningRate = 7e-4,
            WarmUp = 2000,
        },
        "multi30k" => new()
        {
            LayerCount = 3,
            ModelSize = 256,
            HeadCount = 8,
            FeedForwardSize = 512,
            Batch = 128,
            LearningRate = 1e-3,
            WarmUp = 400,
            LowerCase = true,
            TiedOutput = true,
        },
        "multi30k-best" => new()
        {
            BytePairs = true,
            LowerCase = true,
            LayerCount = 3,
            ModelSize = 192,
            HeadCount = 6,
            FeedForwardSize = 384,
            Dropout = 0.15,
            TiedOutput = true,
            Batch = 64,
            AverageDecay = 0.999,
            LearningRate = 2.5e-3,
            WarmUp = 500,
        },
        _ => throw new UsageException($"no preset {name}: there are {string.Join(", ", Names)}"),
    };
}

namespace Benchmarks.Steps;

/// <summary>
/// Floating-point operations of the matrix products in a training step, two for each multiply-add. What a dense
/// implementation computes is counted: padding, and both halves of causal attention; whoever leaves these out reaches more
/// FLOP/s in this count, and it is comparable between programs.
/// </summary>
internal static class FlopCount
{
    // Each product y = x Wᵀ has two of its size in the backward pass: for the gradient of x, and for that of W.
    private const double ForwardAndBackward = 3;

    /// <summary>The translation model: encoder, decoder and output projection.</summary>
    public static double Translation(StepPreset preset)
    {
        double positions = (double)preset.BatchSize * preset.Length;
        double projection = 2 * positions * preset.ModelSize * preset.ModelSize;
        double feedForward = 2 * (2 * positions * preset.ModelSize * preset.FeedForwardSize);
        double attention = Attention(preset, positions);

        // Query, key, value and output of one attention; the decoder has two.
        double encoderLayer = 4 * projection + attention + feedForward;
        double decoderLayer = 8 * projection + 2 * attention + feedForward;
        return ForwardAndBackward * (preset.LayerCount * (encoderLayer + decoderLayer) + Logits(preset, positions));
    }

    /// <summary>The language model: its layers, and the output projection.</summary>
    public static double Gpt(StepPreset preset)
    {
        double positions = (double)preset.BatchSize * preset.Length;
        double projection = 2 * positions * preset.ModelSize * preset.ModelSize;
        double feedForward = 2 * (2 * positions * preset.ModelSize * preset.FeedForwardSize);
        double layer = 4 * projection + Attention(preset, positions) + feedForward;
        return ForwardAndBackward * (preset.LayerCount * layer + Logits(preset, positions));
    }

    // Scores and weighted sum.
    private static double Attention(StepPreset preset, double positions) => 2 * (2 * positions * preset.Length * preset.ModelSize);

    private static double Logits(StepPreset preset, double positions) => 2 * positions * preset.ModelSize * preset.VocabularySize;
}

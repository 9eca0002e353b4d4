using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// A trained vector for each position (Vaswani et al. 2017, section 3.5, found it as good as the waves), key <c>weight</c>
/// [maximumLength, modelSize], which starts normally distributed with deviation 1/√modelSize. Positions that no training
/// sentence reaches stay as they started.
/// </summary>
public sealed class LearnedEncoding : PositionalEncoding
{
    /// <summary>Draws the table.</summary>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="modelSize">Length of a vector.</param>
    /// <param name="streams">Where random numbers come from.</param>
    /// <param name="dtype">Element type of the table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public LearnedEncoding(int maximumLength, int modelSize, RandomStreams streams, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(streams);
        SizeCheck.Positive(nameof(LearnedEncoding), maximumLength);
        SizeCheck.Positive(nameof(LearnedEncoding), modelSize);
        Tensor table = Tensor.Normal([maximumLength, modelSize], streams.NextInitialKey(), 0, 1 / Math.Sqrt(modelSize), dtype);
        Weight = Register("weight", table);
    }

    /// <summary>The table, [maximumLength, modelSize].</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    protected override Tensor Table => Weight;
}

using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// Fixed waves (Vaswani et al. 2017, section 3.5), column pairs from wavelength 2π to 10000 · 2π:
/// table[t, 2i] = sin(t / 10000^(2i / modelSize)), table[t, 2i + 1] = cos of the same. It has no parameters.
/// </summary>
public sealed class SinusoidalEncoding : PositionalEncoding
{
    /// <summary>Computes the table, in double precision before it is rounded to the dtype.</summary>
    /// <param name="maximumLength">The longest sequence.</param>
    /// <param name="modelSize">Length of a vector.</param>
    /// <param name="dtype">Element type of the table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public SinusoidalEncoding(int maximumLength, int modelSize, DType dtype = DType.Float32)
    {
        SizeCheck.Positive(nameof(SinusoidalEncoding), maximumLength);
        SizeCheck.Positive(nameof(SinusoidalEncoding), modelSize);
        double[] waves = new double[maximumLength * modelSize];
        for (int position = 0; position < maximumLength; position++)
        {
            for (int column = 0; column < modelSize; column++)
            {
                double angle = position * Math.Exp((column - column % 2) * (-Math.Log(10000) / modelSize));
                waves[position * modelSize + column] = column % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
            }
        }

        Table = Tensor.From(waves, [maximumLength, modelSize], dtype);
    }

    /// <inheritdoc/>
    protected override Tensor Table { get; }
}

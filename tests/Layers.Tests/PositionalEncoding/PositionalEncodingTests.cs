using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.PositionalEncoding;

public class PositionalEncodingTests
{
    [Fact]
    public void Sinusoids_follow_the_papers_formula_also_for_an_odd_size()
    {
        SinusoidalEncoding positions = new(6, 5, DType.Float64);

        Tensor y = positions.Forward(Tensor.Full([2, 6, 5], 10, DType.Float64));

        for (int t = 0; t < 6; t++)
        {
            for (int i = 0; i < 5; i++)
            {
                double angle = t / Math.Pow(10000, (i / 2 * 2) / 5.0);
                double expected = 10 + (i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
                Assert.Equal(expected, y[0, t, i], 1e-13);
                Assert.Equal(expected, y[1, t, i], 1e-13);
            }
        }
    }

    [Fact]
    public void An_offset_continues_where_earlier_positions_ended()
    {
        LearnedEncoding learned = new(7, 4, new RandomStreams(1), DType.Float64);
        SinusoidalEncoding waves = new(7, 4, DType.Float64);
        Tensor x = Tensor.Zeros([1, 7, 4], DType.Float64);

        foreach (Transformer.Layers.PositionalEncoding positions in new Transformer.Layers.PositionalEncoding[] { learned, waves })
        {
            double[] whole = positions.Forward(x).ToDoubles();
            Assert.Equal(whole[12..24], positions.Forward(x.Slice(1, 0, 3), offset: 3).ToDoubles());
        }

        Assert.Equal(learned.Weight.ToDoubles(), learned.Forward(x).ToDoubles());
        Assert.Empty(waves.Parameters());
    }

    [Fact]
    public void A_position_beyond_the_table_is_refused()
    {
        SinusoidalEncoding positions = new(7, 4);

        Assert.Contains(
            "positions 5 to 7 do not lie within the model's maximum length 7",
            Assert.Throws<ArgumentException>(() => positions.Forward(Tensor.Zeros([1, 3, 4]), 5)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => positions.Forward(Tensor.Zeros([1, 3, 4]), -1));
    }
}

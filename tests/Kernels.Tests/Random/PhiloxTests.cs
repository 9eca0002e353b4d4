using System.Numerics;
using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class PhiloxTests
{
    private static readonly RandomKey key = new(0x123456789ABCDEF0, 7, 11, 13);

    [Fact]
    public void Blocks_are_those_of_the_published_known_answers()
    {
        // Random123, kat_vectors, philox4x32 with 10 rounds
        Assert.Equal((0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u), Philox.Block(0, 0, 0, 0, 0, 0));
        const uint ones = uint.MaxValue;
        Assert.Equal((0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu), Philox.Block(ones, ones, ones, ones, ones, ones));
        Assert.Equal((0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u),
            Philox.Block(0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0));
    }

    [Fact]
    public void Vectors_draw_what_single_elements_draw_from_any_first_element()
    {
        foreach (long first in new long[] { 0, 1, 2, 3, 5, (1L << 32) - 7, Philox.MaximumElements - 300 })
        {
            foreach (int size in Sizes)
            {
                uint[] expected = [.. Enumerable.Range(0, size).Select(i => Philox.UInt32At(key, first + i))];
                Widths.ForEach(_ =>
                {
                    var words = new uint[size];
                    Philox.FillUInt32(key, first, words);
                    Assert.Equal(expected, words);
                });
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Philox.UInt32At(key, Philox.MaximumElements));
    }

    [Fact]
    public void Every_part_of_a_key_matters()
    {
        RandomKey[] keys = [key, key with { Seed = key.Seed ^ (1UL << 63) }, key with { Seed = key.Seed ^ 1 }, key with { Stream = 8 }, key with { Step = 12 }, key with { MicroBatch = 14 }];
        Assert.Equal(keys.Length, keys.Select(k => Philox.UInt32At(k, 0)).Distinct().Count());
    }

    [Fact]
    public void Uniform_numbers_are_uniform()
    {
        Check<float>();
        Check<double>();

        static void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var y = new T[100_003];
            Philox.FillUniform<T>(key, y);
            Assert.Equal(Philox.UniformAt<T>(key, 5001), y[5001]);
            Assert.All(y, value => Assert.True(value >= T.Zero && value < T.One));

            // Ten bins of n/10 each: the standard deviation of a count is √(n · 0.1 · 0.9) = 95.
            int[] bins = new int[10];
            foreach (T value in y)
                bins[(int)(double.CreateChecked(value) * 10)]++;
            Assert.All(bins, count => Assert.InRange(count, 10_000 - 475, 10_000 + 475));
        }
    }

    [Fact]
    public void Normal_numbers_have_their_moments()
    {
        var y = new double[200_001];
        Philox.FillNormal(key, 3.0, 2.0, y);
        double mean = y.Average();
        double variance = y.Sum(value => (value - mean) * (value - mean)) / y.Length;
        double beyondTwo = y.Count(value => Math.Abs(value - 3) > 4) / (double)y.Length;

        // Five standard errors: 2/√n = 0.0045, 4√(2/n) = 0.0126, √(0.0455 · 0.9545/n) = 0.00047
        Assert.InRange(mean, 3 - 0.0225, 3 + 0.0225);
        Assert.InRange(variance, 4 - 0.063, 4 + 0.063);
        Assert.InRange(beyondTwo, 0.0455 - 0.0024, 0.0455 + 0.0024);
        Assert.All(y, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Dropout_agrees_with_its_plain_form()
    {
        foreach (int size in Sizes.Append(2500))
        {
            AgreesWithPlain<float>([size], size, (x, y) => Dropout.Forward(x[0], 0.3f, key, y), 0);
            AgreesWithPlain<double>([size], size, (x, y) => Dropout.Forward(x[0], 0.3, key, y), 0);
        }
        IsTheSameOnAnyThreads<float>([200_003], 200_003, (x, y) => Dropout.Forward(x[0], 0.1f, key, y));
    }

    [Fact]
    public void Dropout_keeps_its_share_scales_it_and_follows_its_mask()
    {
        const int size = 100_000;
        float[] ones = [.. Enumerable.Repeat(1f, size)];
        var y = new float[size];
        Dropout.Forward<float>(ones, 0.25f, key, y);
        int kept = y.Count(value => value != 0);

        // √(n · 0.25 · 0.75) = 137
        Assert.InRange(kept, 75_000 - 685, 75_000 + 685);
        Assert.All(y, value => Assert.True(value == 0 || value == 1 / 0.75f));

        var mask = new bool[1003];
        Dropout.Mask(key, 0.25f, 12_345, mask);
        Assert.All(Enumerable.Range(0, 1003), i => Assert.Equal(y[12_345 + i] != 0, mask[i]));

        Dropout.Forward<float>(ones, 0, key, y);
        Assert.Equal(ones, y);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout.Forward<float>(ones, 1, key, y));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dropout.Forward<float>(ones, float.NaN, key, y));
    }

    [Fact]
    public void A_dropped_NaN_or_infinity_is_0()
    {
        var y = new float[64];
        Dropout.Forward<float>([.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? float.NaN : float.PositiveInfinity)], 0.5f, key, y);
        var mask = new bool[64];
        Dropout.Mask(key, 0.5f, 0, mask);
        Assert.All(Enumerable.Range(0, 64), i => Assert.Equal(!mask[i], y[i] == 0));
    }
}

using Benchmarks.Measuring;
using Benchmarks.Peak;
using Transformer.Kernels;
using Xunit;

namespace Benchmarks.Tests.Peak;

public class PeakLoopTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Multiply_adds_compute_all_rounds_of_every_chain(int vectorBits)
    {
        PeakLoop loop = PeakLoops.MultiplyAdd(vectorBits);
        int lanes = vectorBits / 32;
        Assert.Equal(2 * 12 * lanes, loop.WorkPerRound);
        // r ← r · m + c from about 1 towards c / (1 − m) = 1: of 12 · lanes numbers near 1, the sum.
        Assert.Equal(12 * lanes, loop.Run(1000), 0.01 * lanes);
    }

    [Fact]
    public void A_read_adds_every_element_once_a_round()
    {
        PeakLoop loop = PeakLoops.Read(10_000);
        Assert.Equal(2432 * sizeof(float), loop.WorkPerRound);
        Assert.Equal(2432, loop.Run(1));
        Assert.Equal(3 * 2432, loop.Run(3));
    }

    // a = b + c / 2 with b = 1/2 and c = 1/3
    [Fact]
    public void A_triad_writes_the_sum() => Assert.Equal(0.5f + (0.5f / 3), PeakLoops.Triad(100_000).Run(2), 1e-6f);

    [Fact]
    public void Buffers_begin_on_cache_lines()
    {
        for (int i = 0; i < 5; i++)
            Assert.Equal(0, AddressOfFirst(new PeakBuffers(5000, 3)) % 64);

        static unsafe long AddressOfFirst(PeakBuffers buffers) => (long)System.Runtime.CompilerServices.Unsafe.AsPointer(ref buffers.First());
    }

    [Fact]
    public void The_rate_of_threads_is_that_of_all_together()
    {
        List<long> rounds = [];
        Spread rate = PeakRate.PerSecond(() => new Slow(rounds), threads: 2, repetitions: 3, seconds: 0.02);
        Assert.Equal(3, rate.Count);
        // A round takes a millisecond at least, and is worth 5.
        Assert.InRange(rate.Median, 1, 2 * 5 * 1000);
        Assert.True(rounds.Count >= 2 * 4);
    }

    [Fact]
    public void Kernels_and_loops_use_the_same_vectors() =>
        Assert.Equal(2 * 12 * (Execution.VectorBits / 32), PeakLoops.MultiplyAdd(Execution.VectorBits).WorkPerRound);

    private sealed class Slow(List<long> calls) : PeakLoop
    {
        public override double WorkPerRound => 5;

        public override float Run(long rounds)
        {
            lock (calls)
                calls.Add(rounds);
            Thread.Sleep((int)rounds);
            return 1;
        }
    }
}

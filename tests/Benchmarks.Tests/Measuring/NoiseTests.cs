using Benchmarks.Measuring;
using Xunit;

namespace Benchmarks.Tests.Measuring;

public class NoiseTests
{
    [Fact]
    public void A_line_of_proc_stat_is_read_in_seconds_without_idle_and_waiting()
    {
        // user nice system idle iowait irq softirq steal guest guest_nice, in hundredths of a second
        Noise.MachineTime time = Noise.MachineTime.Parse("cpu  1000 200 300 99999 8888 40 5 70 0 0");
        Assert.Equal(15.45, time.Busy, 12);
        Assert.Equal(0.7, time.Stolen, 12);
    }

    [Fact]
    public void What_is_not_the_processs_own_is_the_others()
    {
        Noise.MachineTime before = new(Busy: 100, Stolen: 1);
        Assert.Equal(0.5, Noise.Share(before, new(Busy: 106, Stolen: 1), ownSeconds: 4, seconds: 4), 12);
        Assert.Equal(0.25, Noise.Share(before, new(Busy: 104, Stolen: 2), ownSeconds: 4, seconds: 4), 12);
        // The two clocks tick at different moments.
        Assert.Equal(0, Noise.Share(before, new(Busy: 103.99, Stolen: 1), ownSeconds: 4, seconds: 4));
    }

    [Fact]
    public void More_than_a_tenth_of_a_processor_is_too_much_and_what_is_unknown_is_not()
    {
        Assert.True(Noise.IsTooMuch(0.11));
        Assert.False(Noise.IsTooMuch(0.1));
        Assert.False(Noise.IsTooMuch(null));
    }

    [Fact]
    public void A_process_that_spins_is_noticed()
    {
        using SpinningProcess neighbour = new(core: 0);
        Noise noise = new();
        Thread.Sleep(400);
        // On a busy machine others share its core, and are counted as well. Other systems than Linux do not tell.
        double? others = noise.Others();
        Assert.Equal(OperatingSystem.IsLinux(), others > 0.5);
    }

    [Fact]
    public void The_text_says_when_a_run_is_not_to_be_used()
    {
        Assert.StartsWith("NOISY: other processes took 0.25", NoiseText.Of(0.25, isWanted: false), StringComparison.Ordinal);
        Assert.Equal("Other processes took 0.05 processors.", NoiseText.Of(0.05, isWanted: false));
        Assert.Contains("as asked", NoiseText.Of(1.0, isWanted: true), StringComparison.Ordinal);
        Assert.Contains("unknown", NoiseText.Of(null, isWanted: false), StringComparison.Ordinal);
    }
}

using Benchmarks.Measuring;
using Xunit;

namespace Benchmarks.Tests.Measuring;

public class PeakMemoryTests
{
    [Fact]
    public void The_line_of_proc_status_is_in_kibibytes() => Assert.Equal(120.5, PeakMemory.Parse("VmHWM:\t  123392 kB"));

    [Fact]
    public void Memory_that_was_touched_is_in_the_peak_also_when_it_is_gone()
    {
        double before = PeakMemory.Megabytes();
        Touch();
        GC.Collect();
        double after = PeakMemory.Megabytes();
        Assert.True(after >= Math.Max(before, Megabytes), $"{before} → {after}");

        static void Touch() => new byte[Megabytes << 20].AsSpan().Fill(1);
    }

    private const int Megabytes = 300;
}

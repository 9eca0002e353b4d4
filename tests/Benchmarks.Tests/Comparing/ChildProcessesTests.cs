using System.Diagnostics;
using Benchmarks.Comparing;
using Benchmarks.Measuring;
using Xunit;

namespace Benchmarks.Tests.Comparing;

public class ChildProcessesTests
{
    [Fact]
    public void The_last_line_of_a_run_is_its_result()
    {
        ChildResult result = new ChildProcesses().Run(Shell("echo first; echo '{\"msPerStep\": 2.5}'"), quiet: false);
        Assert.Equal(2.5, result.Number("msPerStep"));
        Assert.False(result.Noisy);
    }

    [Fact]
    public void A_run_that_fails_says_what_it_printed()
    {
        ChildFailedException exception = Assert.Throws<ChildFailedException>(
            () => new ChildProcesses().Run(Shell("echo out; echo trouble >&2; exit 3"), quiet: false));
        Assert.Contains("ended with code 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("trouble", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named() => Assert.Contains(
        "'no-such-program 1' did not start",
        Assert.Throws<ChildFailedException>(() => new ChildProcesses().Run(new ProcessStartInfo("no-such-program", ["1"]))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Beside_a_busy_neighbour_a_run_is_repeated_and_then_marked()
    {
        using SpinningProcess neighbour = new(core: 0);
        ChildProcesses processes = new();
        ChildResult result = processes.Run(Shell("sleep 0.3; echo '{}'"));
        // Other systems do not tell what others do.
        Assert.Equal(OperatingSystem.IsLinux() ? (true, 3) : (false, 0), (result.Noisy, processes.ThrownAway));
    }

    private static ProcessStartInfo Shell(string script) => new("sh", ["-c", script]);
}

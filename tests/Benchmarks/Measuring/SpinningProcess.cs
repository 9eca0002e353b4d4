using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Measuring;

/// <summary>
/// Another process that keeps one processor busy until it is disposed: what a step costs on a machine that is shared.
/// </summary>
internal sealed class SpinningProcess : IDisposable
{
    private const string Verb = "spin";
    private const string Ready = "spinning";

    private readonly Process process;

    /// <summary>Starts it and waits until it spins.</summary>
    /// <param name="core">The processor that it is pinned to.</param>
    public SpinningProcess(int core)
    {
        ProcessStartInfo start = SelfProcess.Start(Verb, "--core", core.ToString(CultureInfo.InvariantCulture));
        // It watches its input: when this process ends in whatever way, the pipe closes and it ends as well.
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        process = Process.Start(start) ?? throw new InvalidOperationException("SpinningProcess: it did not start.");
        string? line = process.StandardOutput.ReadLine();
        if (line != Ready)
            throw new InvalidOperationException($"SpinningProcess: it said '{line}' in place of '{Ready}'.");
    }

    /// <summary>The verb that the other process runs.</summary>
    public static Command CreateCommand()
    {
        Option<int> core = new("--core") { Description = "The processor to spin on" };
        Command command = new(Verb, "Keep one processor busy until the input ends") { core };
        command.Hidden = true;
        command.SetAction(parsed => Spin(parsed.GetValue(core)));
        return command;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static void Spin(int core)
    {
        bool ended = false;
        Thread watcher = new(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            Volatile.Write(ref ended, true);
        })
        {
            IsBackground = true,
        };
        watcher.Start();
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            // On Linux this pins the main thread, which is this one.
            using Process self = Process.GetCurrentProcess();
            self.ProcessorAffinity = (nint)1 << core;
        }

        Console.WriteLine(Ready);
        while (!Volatile.Read(ref ended))
            Thread.SpinWait(1000);
    }
}

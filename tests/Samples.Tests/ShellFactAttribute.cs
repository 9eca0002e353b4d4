using System.Diagnostics;
using Xunit;

namespace Samples.Tests;

/// <summary>A test that needs commands which not every machine has or allows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    /// <param name="probe">A line for bash that succeeds where the test can run.</param>
    public ShellFactAttribute(string probe)
    {
        if (!OperatingSystem.IsLinux() || !Succeeds(probe))
            Skip = $"needs Linux where this works: {probe}";
    }

    private static bool Succeeds(string probe)
    {
        try
        {
            using Process bash = Process.Start(new ProcessStartInfo("bash", ["-c", probe])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            bash.WaitForExit();
            return bash.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

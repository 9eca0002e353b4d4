using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Benchmarks.Comparing;

/// <summary>The Python that has PyTorch, and how to start the programs in the folder <c>pytorch</c> with it.</summary>
internal sealed class PyTorch
{
    public const string HowToInstall =
        "PyTorch was not found, so only our own side is measured. On Debian or Ubuntu:\n"
        + "    apt-get install python3-torch python3-numpy libopenblas0-openmp";

    private readonly string python;

    private PyTorch(string python, string description)
    {
        this.python = python;
        Description = description;
    }

    /// <summary>What every figure has to say: version, origin, BLAS, settings.</summary>
    public string Description { get; }

    /// <summary>The first Python with torch and numpy, or null.</summary>
    public static PyTorch? Find()
    {
        foreach (string python in new[] { "python3", "/usr/bin/python3" })
        {
            if (Describe(python) is { } description)
                return new PyTorch(python, description);
        }

        return null;
    }

    /// <summary>A program of the folder <c>pytorch</c>.</summary>
    /// <param name="tuned">False to run PyTorch as it is installed, for memory.</param>
    /// <param name="threads">OpenMP's, which are PyTorch's and OpenBLAS's.</param>
    /// <param name="program">File name.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProcessStartInfo Start(bool tuned, int threads, string program, params ReadOnlySpan<string> arguments)
    {
        ProcessStartInfo start = new(python);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "pytorch", program));
        string count = threads.ToString(CultureInfo.InvariantCulture);
        foreach (string argument in (ReadOnlySpan<string>)["--threads", count, .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        if (tuned)
            Tune(start);
        return start;
    }

    private static bool HasAvx512 => Vector512.IsHardwareAccelerated && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static string Tuning => (HasAvx512 ? "OpenBLAS set to AVX-512, " : string.Empty) + "memory kept between steps";

    private static void Tune(ProcessStartInfo start)
    {
        // OpenBLAS 0.3.21 does not know processors newer than itself and takes its AVX2 kernels on them.
        if (HasAvx512)
            start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";

        // Large blocks stay with the process between steps; else each is returned to the system and its pages are cleared anew.
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "17179869184";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "17179869184";
        start.Environment["MALLOC_TOP_PAD_"] = "268435456";

        // The threads of the other variant compete with PyTorch's.
        if (VariantFolder("openblas-openmp") is { } folder && VariantFolder("openblas-pthread") is not null)
            start.Environment["LD_LIBRARY_PATH"] = folder;
    }

    private static string? VariantFolder(string name) => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(folder => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists)
        : null;

    private static string? Describe(string python)
    {
        const string Question = "import common, torch, numpy; print(common.description())";
        ProcessStartInfo start = new(python)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "pytorch"),
            ArgumentList = { "-B", "-c", Question },
        };
        // The BLAS that is named is the one that the runs will have.
        Tune(start);
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            if (process.ExitCode != 0)
                return null;
            return $"PyTorch {output}, CPU, tuned ({Tuning}){Remark(output)}";
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return null;
        }
    }

    private static string Remark(string description)
    {
        const string Advice = "install libopenblas0-openmp";
        if (description.Contains("openblas-pthread", StringComparison.Ordinal))
            return $"; OpenBLAS's own threads compete with PyTorch's, slow: {Advice}";
        // A PyTorch that was not built by Debian has a BLAS of its own inside.
        bool isSlow = description.Contains("Debian", StringComparison.Ordinal) && !description.Contains("openblas", StringComparison.Ordinal);
        return isSlow ? $"; without OpenBLAS, slow: {Advice}" : string.Empty;
    }
}

using System.Globalization;
using Benchmarks.Measuring;

namespace Benchmarks.Comparing;

/// <summary>One round of the comparison: ours and PyTorch's run of the same thing follow each other.</summary>
/// <param name="processes">Runs them.</param>
/// <param name="pyTorch">Null where there is none.</param>
/// <param name="threads">On both sides.</param>
/// <param name="findings">Takes the figures.</param>
/// <param name="progress">Is told what runs next.</param>
internal sealed class Round(ChildProcesses processes, PyTorch? pyTorch, int threads, Findings findings, Action<string> progress)
{
    /// <summary>True in the first round, which also measures what comes out the same each time.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>The presets whose steps and memory are measured.</summary>
    public required IReadOnlyList<string> Presets { get; init; }

    public Findings Findings => findings;

    /// <summary>A verb of this program, <c>--json</c> and <c>--threads</c> added.</summary>
    /// <param name="verb">The verb and its arguments, with blanks between them.</param>
    /// <param name="ofThreads">0 for as many as the comparison has.</param>
    /// <param name="quiet">False where noise does not matter, or is wanted.</param>
    public ChildResult Ours(string verb, int ofThreads = 0, bool quiet = true)
    {
        progress(verb);
        string count = (ofThreads == 0 ? threads : ofThreads).ToString(CultureInfo.InvariantCulture);
        return processes.Run(SelfProcess.Start([.. verb.Split(' '), "--threads", count, "--json"]), quiet);
    }

    /// <summary>A program of the folder <c>pytorch</c>, or null where there is no PyTorch.</summary>
    /// <param name="program">The file and its arguments, with blanks between them.</param>
    /// <param name="ofThreads">0 for as many as the comparison has.</param>
    /// <param name="tuned">False to run PyTorch as it is installed.</param>
    /// <param name="quiet">False where noise does not matter.</param>
    public ChildResult? PyTorch(string program, int ofThreads = 0, bool tuned = true, bool quiet = true)
    {
        if (pyTorch is null)
            return null;
        progress(program);
        string[] words = program.Split(' ');
        return processes.Run(pyTorch.Start(tuned, ofThreads == 0 ? threads : ofThreads, words[0], words.AsSpan(1)), quiet);
    }

    /// <summary>The same figure of both runs.</summary>
    /// <param name="part">The row's part.</param>
    /// <param name="name">The row's name.</param>
    /// <param name="unit">The figure's unit.</param>
    /// <param name="better">Which is better.</param>
    /// <param name="figure">Its name in both results.</param>
    /// <param name="ours">Our run.</param>
    /// <param name="theirs">PyTorch's.</param>
    public void Add(string part, string name, string unit, Better better, string figure, ChildResult ours, ChildResult? theirs) =>
        findings.Add(part, name, unit, better, ours.Number(figure), theirs?.Number(figure), ours.Noisy || theirs is { Noisy: true });

    /// <summary>A figure that only we have, taken again where others were busy.</summary>
    public void AddOurs(string part, string name, string unit, Func<double> measure)
    {
        progress(name);
        (double value, bool noisy) = processes.Repeat(measure);
        AddOurs(part, name, unit, value, noisy);
    }

    /// <summary>A figure that only we have.</summary>
    public void AddOurs(string part, string name, string unit, double value, bool noisy = false) =>
        findings.Add(part, name, unit, Better.Smaller, value, null, noisy);
}

using System.Globalization;
using Transformer.Autograd.Debugging;

namespace Transformer.Testing;

/// <summary>What this process has checked so far; <see cref="GradientSummary"/> prints it when all tests have run.</summary>
public static class GradientLedger
{
    /// <summary>The worst relative error that any check may have, whatever tolerance it was run with.</summary>
    private const double Allowed = 1e-6;

    private static readonly Lock Gate = new();
    private static readonly SortedSet<string> Names = new(StringComparer.Ordinal);
    private static long graphs;
    private static long checks;
    private static long elements;
    private static long zeroElements;
    private static double worst;
    private static string worstName = string.Empty;
    private static int planted;
    private static int caught;

    /// <summary>Counts a check that compares every element with a difference, and throws where it failed.</summary>
    /// <param name="name">The operation or layer.</param>
    /// <param name="report">What the check found.</param>
    public static void Record(string name, GradientReport report)
    {
        lock (Gate)
            Names.Add(name);
        Compare(name, report);
    }

    /// <summary>The same for a graph drawn at random, which is no operation or layer of its own.</summary>
    public static void RecordGraph(GradientReport report)
    {
        lock (Gate)
            graphs++;
        Compare("a random graph", report);
    }

    private static void Compare(string name, GradientReport report)
    {
        lock (Gate)
        {
            Count(report);
            if (!(report.WorstError <= worst))
                (worst, worstName) = (report.WorstError, name);
        }

        if (!report.Passed)
            throw new GradientCheckException($"{name}: {report}");
    }

    /// <summary>Counts a check whose true gradient is 0 everywhere, and throws where an element is above 1e-9.</summary>
    public static void RecordZero(string name, GradientReport report)
    {
        lock (Gate)
        {
            Names.Add(name);
            Count(report);
            zeroElements += report.Elements.Count;
        }

        if (!(report.LargestGradient <= 1e-9))
            throw new GradientCheckException($"{name}: the gradient is 0 everywhere, but {report.LargestGradient:E2} came out. {report}");
    }

    /// <summary>Counts a planted error.</summary>
    public static void RecordPlanted(bool wasCaught)
    {
        lock (Gate)
        {
            planted++;
            caught += wasCaught ? 1 : 0;
        }
    }

    /// <summary>The figures in one line.</summary>
    /// <param name="what">What this assembly's names are: <c>operations</c>, <c>layers</c>.</param>
    public static string Summary(string what)
    {
        lock (Gate)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Gradient checks: {Names.Count} {what}{(graphs > 0 ? $" and {graphs:N0} random graphs" : string.Empty)}, {checks:N0} checks "
                + $"({elements:N0} elements, {zeroElements:N0} of them with true gradient 0), worst relative error {worst:0.0E-0}"
                + $"{(worst > 0 ? $" in {worstName}" : string.Empty)} (allowed {Allowed:0E-0}); planted errors caught {caught} of {planted}");
        }
    }

    /// <summary>
    /// True where something was checked and no error is above 1e-6, and where errors were planted and every one was caught.
    /// </summary>
    public static bool AllGood
    {
        get
        {
            lock (Gate)
                return checks > 0 && worst <= Allowed && planted > 0 && caught == planted;
        }
    }

    private static void Count(GradientReport report)
    {
        checks++;
        elements += report.Elements.Count;
    }
}

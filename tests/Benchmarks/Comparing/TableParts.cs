using System.Text.Json;
using Benchmarks.Operations;

namespace Benchmarks.Comparing;

/// <summary>The parts whose runs print tables: each row of ours has one of the same name in PyTorch's.</summary>
internal static class TableParts
{
    public static void MeasureOperations(Round round)
    {
        ChildResult ours = round.Ours("ops");
        ChildResult? theirs = round.PyTorch("operations.py");
        bool noisy = IsNoisy(ours, theirs);
        foreach ((string name, JsonElement row, JsonElement? other) in Pairs(ours, theirs))
        {
            bool isChain = name == OperationTable.ChainName;
            // Microseconds of a thousand additions are nanoseconds of one.
            round.Findings.Add(
                Parts.Ops, isChain ? "an addition of one number" : name, isChain ? "ns" : "µs", Better.Smaller,
                Median(row, "forwardBackward"), other is { } their ? Median(their, "forwardBackward") : null, noisy);
        }
    }

    /// <summary>
    /// One thread: all shapes, against the best of numpy's and torch's call of OpenBLAS. All threads: the batches of attention,
    /// against torch.bmm.
    /// </summary>
    public static void MeasureProducts(Round round)
    {
        ChildResult ours = round.Ours("gemm", ofThreads: 1);
        ChildResult? theirs = round.PyTorch("matrix_products.py", ofThreads: 1);
        List<double> ratios = AddProducts(round, string.Empty, "gflops", ours, theirs);
        if (ratios.Count > 0)
            round.Findings.AddRatio(Parts.Gemm, "geometric mean", Math.Exp(ratios.Average(Math.Log)), IsNoisy(ours, theirs));

        ours = round.Ours("gemm --only-batched");
        theirs = round.PyTorch("matrix_products.py --only-batched 1");
        AddProducts(round, "all threads: ", "torch", ours, theirs);
    }

    private static List<double> AddProducts(Round round, string prefix, string theirFigure, ChildResult ours, ChildResult? theirs)
    {
        bool noisy = IsNoisy(ours, theirs);
        List<double> ratios = [];
        foreach ((string name, JsonElement row, JsonElement? other) in Pairs(ours, theirs))
        {
            double rate = Median(row, "gflops");
            double? theirRate = other is { } their ? Median(their, theirFigure) : null;
            round.Findings.Add(Parts.Gemm, prefix + name, "GFLOP/s", Better.Larger, rate, theirRate, noisy);
            if (theirRate is { } known)
                ratios.Add(rate / known);
        }

        return ratios;
    }

    private static bool IsNoisy(ChildResult ours, ChildResult? theirs) => ours.Noisy || theirs is { Noisy: true };

    /// <exception cref="InvalidOperationException">The two programs do not have the same rows.</exception>
    private static IEnumerable<(string Name, JsonElement Ours, JsonElement? Theirs)> Pairs(ChildResult ours, ChildResult? theirs)
    {
        JsonElement[] rows = [.. ours.Json.GetProperty("rows").EnumerateArray()];
        JsonElement[]? others = theirs is null ? null : [.. theirs.Json.GetProperty("rows").EnumerateArray()];
        if (others is not null && !rows.Select(Name).SequenceEqual(others.Select(Name)))
            throw new InvalidOperationException("Our program and PyTorch's do not measure the same rows.");
        return rows.Select((row, i) => (Name(row), row, others?[i]));
    }

    private static string Name(JsonElement row) => row.GetProperty("name").GetString()!;

    private static double Median(JsonElement row, string figure) => row.GetProperty(figure).GetProperty("median").GetDouble();
}

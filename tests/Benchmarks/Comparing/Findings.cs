using Benchmarks.Measuring;

namespace Benchmarks.Comparing;

/// <summary>Which of two figures is better.</summary>
internal enum Better
{
    Smaller,
    Larger,
}

/// <summary>Collects the figures of all rounds, row by row, in the order in which the rows first came.</summary>
internal sealed class Findings
{
    private readonly List<Row> rows = [];

    /// <summary>A figure of this round, and PyTorch's where there is one.</summary>
    public void Add(string part, string name, string unit, Better better, double ours, double? pyTorch, bool noisy = false) =>
        RowOf(part, name, unit).Values.Add(new Value(ours, pyTorch, better == Better.Smaller ? pyTorch / ours : ours / pyTorch, noisy));

    /// <summary>A ratio of this round that sums others up.</summary>
    public void AddRatio(string part, string name, double ratio, bool noisy = false) =>
        RowOf(part, name, string.Empty).Values.Add(new Value(null, null, ratio, noisy));

    public IReadOnlyList<ComparisonRow> Rows() => [.. rows.Select(Summary)];

    private static ComparisonRow Summary(Row row)
    {
        // Noisy rounds do not count. Where all of them are noisy they are shown, and judge nothing.
        Value[] quiet = [.. row.Values.Where(value => !value.Noisy)];
        Value[] counted = quiet.Length > 0 ? quiet : [.. row.Values];
        Spread? ours = SpreadOf(counted.Select(value => value.Ours));
        Spread? ratio = SpreadOf(counted.Select(value => value.Ratio));
        Target? target = Targets.For(row.Part, row.Name);
        return new ComparisonRow
        {
            Part = row.Part,
            Name = row.Name,
            Unit = row.Unit,
            Ours = ours,
            PyTorch = SpreadOf(counted.Select(value => value.PyTorch)),
            Ratio = ratio,
            Target = target?.Text(row.Unit),
            Met = quiet.Length > 0 ? target?.IsMetBy(ours?.Median, ratio?.Median) : null,
            Noisy = quiet.Length == 0,
        };
    }

    private static Spread? SpreadOf(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length == 0 ? null : Spread.Of(known);
    }

    private Row RowOf(string part, string name, string unit)
    {
        Row? row = rows.Find(row => row.Part == part && row.Name == name);
        if (row is null)
            rows.Add(row = new Row(part, name, unit, []));
        return row;
    }

    private sealed record Row(string Part, string Name, string Unit, List<Value> Values);

    private readonly record struct Value(double? Ours, double? PyTorch, double? Ratio, bool Noisy);
}

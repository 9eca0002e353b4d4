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
    public void Add(string part, string name, string unit, Better better, double ours, double? pyTorch, bool noisy = false)
    {
        Row row = RowOf(part, name, unit);
        row.Ours.Add(ours);
        row.Noisy |= noisy;
        if (pyTorch is not { } theirs)
            return;
        row.PyTorch.Add(theirs);
        row.Ratios.Add(better == Better.Smaller ? theirs / ours : ours / theirs);
    }

    /// <summary>A ratio of this round that sums others up.</summary>
    public void AddRatio(string part, string name, double ratio) => RowOf(part, name, string.Empty).Ratios.Add(ratio);

    public IReadOnlyList<ComparisonRow> Rows() => [.. rows.Select(Summary)];

    private static ComparisonRow Summary(Row row)
    {
        Spread? ours = SpreadOf(row.Ours);
        Spread? ratio = SpreadOf(row.Ratios);
        Target? target = Targets.For(row.Part, row.Name);
        return new ComparisonRow
        {
            Part = row.Part,
            Name = row.Name,
            Unit = row.Unit,
            Ours = ours,
            PyTorch = SpreadOf(row.PyTorch),
            Ratio = ratio,
            Target = target?.Text(row.Unit),
            Met = target?.IsMetBy(ours?.Median, ratio?.Median),
            Noisy = row.Noisy,
        };
    }

    private static Spread? SpreadOf(List<double> values) => values.Count == 0 ? null : Spread.Of([.. values]);

    private Row RowOf(string part, string name, string unit)
    {
        Row? row = rows.Find(row => row.Part == part && row.Name == name);
        if (row is null)
            rows.Add(row = new Row(part, name, unit));
        return row;
    }

    private sealed class Row(string part, string name, string unit)
    {
        public string Part => part;

        public string Name => name;

        public string Unit => unit;

        public List<double> Ours { get; } = [];

        public List<double> PyTorch { get; } = [];

        public List<double> Ratios { get; } = [];

        public bool Noisy { get; set; }
    }
}

namespace Transformer.Autograd.Debugging;

/// <summary>y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε) over the last axis, for whatever an operation normalizes.</summary>
/// <param name="numbers">The operation's numbers, with the means and deviations that it kept.</param>
/// <param name="x">What is normalized.</param>
/// <param name="weight">γ.</param>
/// <param name="bias">β.</param>
/// <param name="epsilon">ε.</param>
/// <param name="hat">The letter for x̂.</param>
internal sealed class NormalizedRows(OperationNumbers numbers, Symbol x, Symbol weight, Symbol bias, double epsilon, string hat)
{
    private const string Deviation = "√(σ² + ε)";

    public Derivation OfOutput(Place at)
    {
        Row row = new(x, epsilon, hat, at);
        return new((weight[at[-1]] * row.Normalized[at]) + bias[at[-1]])
        {
            Where = [.. row.Definitions, ($"{hat}{at}", row.DefinitionOf(at))],
        };
    }

    public Derivation OfX(Place at)
    {
        Row row = new(x, epsilon, hat, at);
        Symbol dy = numbers.Dy;
        Expression G(Place place) => weight[place[-1]] * dy[place];
        Expression g = G(at);
        string product = $"mean(g⊙{hat})";
        Expression meanG = Sum.Over("j", row.Count, j => G(at.WithLast(j))) / row.N;
        Expression meanGX = Sum.Over("j", row.Count, j => G(at.WithLast(j)) * row.Normalized[at.WithLast(j)]) / row.N;
        Expression difference = Expression.Named($"g{at}", g.Value) - Expression.Named("mean(g)", meanG.Value)
            - (row.Normalized[at] * Expression.Named(product, meanGX.Value));
        return new(difference / Expression.Named(Deviation, row.Deviation.Value))
        {
            Where =
            [
                .. row.Definitions, ($"g{at}", g), ($"{hat}{at}", row.DefinitionOf(at)), ("mean(g)", meanG), (product, meanGX),
            ],
        };
    }

    /// <summary>Of γ, or of β.</summary>
    public Derivation OfParameter(Place at, string name, bool isWeight)
    {
        (Symbol dy, Symbol normalized) = (numbers.Dy, Normalized());
        (string Letter, int Count)[] rows = Letters.OfRows(numbers.OutputShape);
        string remark = rows.Length == 0 ? string.Empty : Repeats.Remark($"{name}{at}", rows);
        Expression sum = Sum.Over(rows, row =>
        {
            Place place = new Place(row).Then(at[0]);
            return isWeight ? dy[place] * normalized[place] : dy[place];
        });
        return new(sum, remark);
    }

    // x̂ of every row, with the means and deviations that the forward pass kept.
    private Symbol Normalized()
    {
        Symbol mean = numbers.Saved("mean", "μ")!;
        Symbol inverse = numbers.Saved("inverseDeviation", "1/σ")!;
        int columns = x.Shape[-1];
        return new(hat, x.Shape, i => (x.ValueAt(i) - mean.ValueAt(i / columns)) * inverse.ValueAt(i / columns));
    }

    /// <summary>Mean and deviation of one row, from its elements.</summary>
    private sealed class Row
    {
        private readonly Symbol x;
        private readonly string hat;
        private readonly Expression mean;
        private readonly Expression variance;

        public Row(Symbol x, double epsilon, string hat, Place at)
        {
            this.x = x;
            this.hat = hat;
            mean = Sum.Over("j", Count, j => x[at.WithLast(j)]) / N;
            Expression center = Mu;
            variance = Sum.Over("j", Count, j => Expression.Power(x[at.WithLast(j)] - center, 2)) / N;
            Deviation = Expression.Sqrt(Expression.Named("σ²", variance.Value) + Expression.Named("ε", epsilon));
        }

        public int Count => x.Shape[-1];

        public Expression N => Expression.Named("n", Count);

        public Expression Deviation { get; }

        public (string Name, Expression Expression)[] Definitions =>
            [("μ", mean), ("σ²", variance), (NormalizedRows.Deviation, Deviation)];

        private Expression Mu => Expression.Named("μ", mean.Value);

        public Symbol Normalized => new(hat, x.Shape, i => (x.ValueAt(i) - mean.Value) / Deviation.Value);

        public Expression DefinitionOf(Place at) => (x[at] - Mu) / Expression.Named(NormalizedRows.Deviation, Deviation.Value);
    }
}

namespace Transformer.Autograd.Debugging;

/// <summary>y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε) over the last axis.</summary>
internal sealed class LayerNormFormula : OperationFormula
{
    private const string Deviation = "√(σ² + ε)";

    private static readonly string[] Names = ["x", "γ", "β"];

    private static readonly string[] Derivatives =
    [
        "∂L/∂x += (g − mean(g) − x̂ mean(g ⊙ x̂)) / √(σ² + ε),  g = γ ⊙ ∂L/∂y",
        "∂L/∂γ += Σ over rows of ∂L/∂y ⊙ x̂",
        "∂L/∂β += Σ over rows of ∂L/∂y",
    ];

    public override string Forward => "y = γ x̂ + β,  x̂ = (x − μ) / √(σ² + ε),  μ = Σⱼ xⱼ / n,  σ² = Σⱼ (xⱼ − μ)² / n";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 3, Attributes: LayerNormAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Row row = new(numbers, at);
        return new((numbers.Input(1, "γ")[at[-1]] * row.Normalized[at]) + numbers.Input(2, "β")[at[-1]])
        {
            Where = [.. row.Definitions, ($"x̂{at}", row.DefinitionOf(at))],
        };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        if (input == 0)
            return OfX(numbers, at);
        (Symbol dy, Symbol normalized) = (numbers.Dy, Normalized(numbers));
        (string Letter, int Count)[] rows = Letters.OfRows(numbers.OutputShape);
        string remark = rows.Length == 0 ? string.Empty : Repeats.Remark($"{Names[input]}{at}", rows);
        Expression sum = Sum.Over(rows, row =>
        {
            Place place = new Place(row).Then(at[0]);
            return input == 1 ? dy[place] * normalized[place] : dy[place];
        });
        return new(sum, remark);
    }

    private static Derivation OfX(OperationNumbers numbers, Place at)
    {
        Row row = new(numbers, at);
        (Symbol weight, Symbol dy) = (numbers.Input(1, "γ"), numbers.Dy);
        Expression G(Place place) => weight[place[-1]] * dy[place];
        Expression g = G(at);
        Expression meanG = Sum.Over("j", row.Count, j => G(at.WithLast(j))) / row.N;
        Expression meanGX = Sum.Over("j", row.Count, j => G(at.WithLast(j)) * row.Normalized[at.WithLast(j)]) / row.N;
        Expression difference = Expression.Named($"g{at}", g.Value) - Expression.Named("mean(g)", meanG.Value)
            - (row.Normalized[at] * Expression.Named("mean(g⊙x̂)", meanGX.Value));
        return new(difference / Expression.Named(Deviation, row.Deviation.Value))
        {
            Where =
            [
                .. row.Definitions, ($"g{at}", g), ($"x̂{at}", row.DefinitionOf(at)), ("mean(g)", meanG), ("mean(g⊙x̂)", meanGX),
            ],
        };
    }

    // x̂ of every row, with the means and deviations that the forward pass kept.
    private static Symbol Normalized(OperationNumbers numbers)
    {
        Symbol x = numbers.Input(0, "x");
        Symbol mean = numbers.Saved("mean", "μ")!;
        Symbol inverse = numbers.Saved("inverseDeviation", "1/σ")!;
        int columns = x.Shape[-1];
        return new("x̂", x.Shape, i => (x.ValueAt(i) - mean.ValueAt(i / columns)) * inverse.ValueAt(i / columns));
    }

    /// <summary>Mean and deviation of one row, from its elements.</summary>
    private sealed class Row
    {
        private readonly Symbol x;
        private readonly Expression mean;
        private readonly Expression variance;

        public Row(OperationNumbers numbers, Place at)
        {
            x = numbers.Input(0, "x");
            mean = Sum.Over("j", Count, j => x[at.WithLast(j)]) / N;
            Expression center = Mu;
            variance = Sum.Over("j", Count, j => Expression.Power(x[at.WithLast(j)] - center, 2)) / N;
            Expression epsilon = Expression.Named("ε", numbers.Attributes<LayerNormAttributes>().Epsilon);
            Deviation = Expression.Sqrt(Expression.Named("σ²", variance.Value) + epsilon);
        }

        public int Count => x.Shape[-1];

        public Expression N => Expression.Named("n", Count);

        public Expression Deviation { get; }

        public (string Name, Expression Expression)[] Definitions =>
            [("μ", mean), ("σ²", variance), (LayerNormFormula.Deviation, Deviation)];

        private Expression Mu => Expression.Named("μ", mean.Value);

        public Symbol Normalized => new("x̂", x.Shape, i => (x.ValueAt(i) - mean.Value) / Deviation.Value);

        public Expression DefinitionOf(Place at) => (x[at] - Mu) / Expression.Named(LayerNormFormula.Deviation, Deviation.Value);
    }
}

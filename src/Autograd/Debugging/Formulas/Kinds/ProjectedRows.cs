namespace Transformer.Autograd.Debugging;

/// <summary>Logits, losses and logits' gradients of a projected cross-entropy, each worked out where it is asked for.</summary>
internal sealed class ProjectedRows
{
    // Up to so many products, the normalizers too are worked out here; beyond, those that the operation kept are taken.
    private const long MostProducts = 16_000_000;

    private readonly CrossEntropyAttributes attributes;
    private readonly Symbol x;
    private readonly Symbol weight;
    private readonly Symbol? bias;
    private readonly Symbol logSumExp;
    private readonly double?[] normalizers;
    private readonly double dy;
    private double[]? meanWeight;

    public ProjectedRows(OperationNumbers numbers)
    {
        attributes = numbers.Attributes<CrossEntropyAttributes>();
        x = numbers.Input(0, "x");
        weight = numbers.Input(1, "w");
        bias = numbers.Operation.Inputs.Count > 2 ? numbers.Input(2, "b") : null;
        logSumExp = numbers.Saved("logSumExp", "logSumExp")!;
        normalizers = new double?[Count];
        dy = numbers.Dy[[]].Value;
        Counted = [.. Enumerable.Range(0, Count).Where(row => !IsIgnored(row))];
    }

    /// <summary>Shape of the rows: that of the targets.</summary>
    public Shape Shape => attributes.Targets.Shape;

    public int Count => attributes.Targets.Values.Length;

    public int Classes => weight.Shape[0];

    /// <summary>The rows whose target is not ignored.</summary>
    public int[] Counted { get; }

    private int Size => weight.Shape[1];

    public int TargetOf(int row) => attributes.Targets.Values[row];

    public bool IsIgnored(int row) => TargetOf(row) == attributes.IgnoredTarget;

    public Place PlaceOf(int row) => Place.At(Shape, row);

    public Expression X(int row, Coordinate i) => x[PlaceOf(row).Then(i)];

    public Expression W(Coordinate j, Coordinate i) => weight[j, i];

    /// <summary>z[r, j] = bⱼ + Σᵢ x[r, i] w[j, i], with its terms.</summary>
    public Expression LogitOf(int row, int j)
    {
        Expression product = Sum.Over("i", Size, i => X(row, i) * W(j, i));
        return bias is null ? product : bias[j] + product;
    }

    /// <summary>−Σⱼ q ln p of a row = (1 − ε) (−ln p of the target) + ε (mean of −ln p over all classes).</summary>
    public Expression LossOf(int row)
    {
        int target = TargetOf(row);
        Expression right = LogSumExp(row) - Expression.Named($"z{PlaceOf(row).Then(target)}", Logit(row, target));
        if (attributes.LabelSmoothing == 0)
            return right;
        Expression epsilon = Expression.Named("ε", attributes.LabelSmoothing);
        Expression even = LogSumExp(row) - Expression.Named($"mean z{PlaceOf(row).Then(new Coordinate(0, ":"))}", MeanLogit(row));
        return ((1 - epsilon) * right) + (epsilon * even);
    }

    /// <summary>g[r, j], the gradient of a logit, by its name and number.</summary>
    public Expression GradientNamed(int row, Coordinate j)
    {
        double q = CrossEntropyFormula.TargetShare(attributes, Classes, j.Value == TargetOf(row)).Value;
        double g = dy * (Math.Exp(Logit(row, j.Value) - Normalizer(row)) - q) / attributes.Counted;
        return Expression.Named($"g{PlaceOf(row).Then(j)}", g);
    }

    /// <summary>How one logit's gradient comes about.</summary>
    public (string Name, Expression Expression)[] DefinitionOfGradient(OperationNumbers numbers, int row, int j)
    {
        Place at = PlaceOf(row).Then(j);
        double logit = Logit(row, j);
        Expression p = Expression.Exp(Expression.Named($"z{at}", logit) - LogSumExp(row));
        Expression q = CrossEntropyFormula.TargetShare(attributes, Classes, j == TargetOf(row));
        Expression g = numbers.Dy[[]] * (Expression.Named($"p{at}", p.Value) - Expression.Named($"q{at}", q.Value)) / CrossEntropyFormula.N(numbers);
        return [($"g{at}", g), ($"p{at}", p), ($"q{at}", q), ($"z{at}", LogitOf(row, j))];
    }

    private Expression LogSumExp(int row) =>
        Expression.Named($"ln Σₖ exp z{PlaceOf(row).Then(new Coordinate(0, "k"))}", Normalizer(row));

    private double Logit(int row, int j) => (bias?.ValueAt(j) ?? 0) + Dot(x.Run(row * Size, Size), weight.Run(j * Size, Size));

    private double Normalizer(int row) => normalizers[row] ??= (long)Count * Classes * Size > MostProducts
        ? logSumExp.ValueAt(row)
        : Rows.LogSumExp([.. Enumerable.Range(0, Classes).Select(j => Logit(row, j))]);

    // The mean of linear functions is the linear function of the mean.
    private double MeanLogit(int row)
    {
        if (meanWeight is null)
        {
            meanWeight = new double[Size];
            for (int j = 0; j < Classes; j++)
            {
                double[] own = weight.Run(j * Size, Size);
                for (int i = 0; i < Size; i++)
                    meanWeight[i] += own[i] / Classes;
            }
        }

        return (bias?.Run(0, Classes).Average() ?? 0) + Dot(x.Run(row * Size, Size), meanWeight);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}

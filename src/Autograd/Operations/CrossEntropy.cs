namespace Transformer.Autograd;

/// <summary>Attributes of a cross-entropy.</summary>
/// <param name="Targets">The right class of each row.</param>
/// <param name="LabelSmoothing">ε in [0, 1]: the share of the target that is spread evenly over all classes.</param>
/// <param name="IgnoredTarget">Rows with this target count nothing; null ignores none.</param>
public sealed record CrossEntropyAttributes(Indices Targets, double LabelSmoothing, int? IgnoredTarget)
{
    // Stands for "none": no class has this number.
    private const int NoTarget = int.MinValue;

    /// <summary>The target that counts nothing, or a number that no target has.</summary>
    internal int Ignored => IgnoredTarget ?? NoTarget;

    /// <summary>How many rows count.</summary>
    internal int Counted => Targets.Values.Length - Targets.Values.Count(Ignored);

    /// <summary>Throws where no row counts, or a target is the number that stands for none.</summary>
    internal void Check(string kind)
    {
        if (IgnoredTarget is null && Targets.Values.Contains(NoTarget))
            throw new ArgumentOutOfRangeException(null, $"{kind}: a target is {NoTarget}, which is no class.");
        if (Counted == 0)
            throw new ArgumentException($"{kind}: every one of the targets {Targets.Shape} is ignored, the mean has no term");
    }
}

/// <summary>
/// Mean cross-entropy from logits with label smoothing (Szegedy et al. 2016, section 7):
/// the target distribution is q = (1 − ε) onehot + ε / classes, the mean runs over rows that are not ignored.
/// </summary>
internal sealed class CrossEntropy(Tensor logits, CrossEntropyAttributes attributes) : Operation(logits)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            Shape targets = attributes.Targets.Shape;
            if (logits.Rank == 0 || !logits.Shape.Leading(logits.Rank - 1).Equals(targets))
                throw ShapeError($"logits are [.., classes] and targets [..], not {logits.Shape} and {targets}");
            attributes.Check(Kind);
            return Shape.Scalar;
        }
    }

    private Tensor LogSumExp => Save("logSumExp", attributes.Targets.Shape);

    // L = Σᵣ −Σⱼ q[r, j] ln p[r, j] / n,  ln p[r, j] = x[r, j] − ln Σₖ exp x[r, k],  n = rows that count
    protected override void Forward<T>(Span<T> y)
    {
        (T sum, int counted) = Kernels.CrossEntropy.Forward(
            Values<T>(logits), attributes.Targets.Values, T.CreateChecked(attributes.LabelSmoothing),
            attributes.Ignored, LogSumExp.WritableValues<T>());
        y[0] = sum / T.CreateChecked(counted);
    }

    // ∂L/∂x[r, j] += ∂L/∂y (p[r, j] − q[r, j]) / n; 0 for ignored rows
    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Kernels.CrossEntropy.Backward(
            Values<T>(logits), attributes.Targets.Values, T.CreateChecked(attributes.LabelSmoothing),
            attributes.Ignored, Values<T>(LogSumExp), dy[0] / T.CreateChecked(attributes.Counted), ContributionTo<T>(logits));

    protected internal override Tensor Composed()
    {
        double[] q = TargetDistribution();
        Tensor logProbabilities = logits.LogSoftmax();
        // −∞ · 0 is NaN, but a class that cannot be and is no target costs nothing.
        if (logits.ToDoubles().Contains(double.NegativeInfinity))
            logProbabilities = logProbabilities.MaskedFill(new Mask([.. q.Select(share => share != 0)], logits.Shape), 0);
        return (logProbabilities * Tensor.From(q, logits.Shape, logits.DType).Named("targetDistribution")).Sum() / -attributes.Counted;
    }

    // q = (1 − ε) onehot + ε / classes; 0 in ignored rows
    private double[] TargetDistribution()
    {
        int classes = logits.Shape[-1];
        double even = attributes.LabelSmoothing / classes;
        double[] q = new double[logits.Count];
        for (int row = 0; row < attributes.Targets.Values.Length; row++)
        {
            int target = attributes.Targets.Values[row];
            if (target == attributes.Ignored)
                continue;
            q.AsSpan(row * classes, classes).Fill(even);
            q[(row * classes) + target] += 1 - attributes.LabelSmoothing;
        }

        return q;
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// Mean cross-entropy of these logits [.., classes] against the right classes [..], in nats.
    /// </summary>
    /// <param name="targets">The right class of each row.</param>
    /// <param name="labelSmoothing">ε in [0, 1].</param>
    /// <param name="ignoredTarget">Rows with this target count nothing; null ignores none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or no row counts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is no class, or ε is outside [0, 1].</exception>
    public Tensor CrossEntropy(Indices targets, double labelSmoothing = 0, int? ignoredTarget = null) =>
        new CrossEntropy(this, new CrossEntropyAttributes(targets, labelSmoothing, ignoredTarget)).Apply();
}

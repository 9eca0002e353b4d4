using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>
/// Mean cross-entropy of the logits x Wᵀ + b, with label smoothing as in <see cref="CrossEntropy"/>: a model's last linear map
/// and its loss as one operation. The logits, by far the largest tensor of a step, never exist as a whole: rows that
/// count are projected a slice at a time, and while a slice's logits are at hand they are overwritten by their gradient, from which
/// those of x, W and b follow. The backward pass has then only to multiply by ∂L/∂y.
/// </summary>
internal sealed class ProjectedCrossEntropy : Operation
{
    private readonly Tensor x;
    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly CrossEntropyAttributes attributes;

    // What the backward pass takes over. There is none of it where nobody will ask, or where a recorder looks on: then the
    // gradients are made in the backward pass, where one looks for them.
    private Tensor? gradientOfX;
    private Tensor? gradientOfWeight;
    private Tensor? gradientOfBias;

    public ProjectedCrossEntropy(Tensor x, Tensor weight, Tensor? bias, CrossEntropyAttributes attributes)
        : base(bias is null ? [x, weight] : [x, weight, bias])
    {
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.attributes = attributes;
    }

    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            if (weight.Rank != 2 || x.Rank == 0 || x.Shape[-1] != weight.Shape[1])
                throw ShapeError($"x is [.., modelSize] and the weight [classes, modelSize], not x {x.Shape} and weight {weight.Shape}");
            if (bias is not null && !bias.Shape.Is(weight.Shape[0]))
                throw ShapeError($"the bias is [{weight.Shape[0]}] as the weight {weight.Shape} has it, not {bias.Shape}");
            if (!x.Shape.Leading(x.Rank - 1).Equals(attributes.Targets.Shape))
                throw ShapeError($"x is [.., modelSize] and targets [..], not {x.Shape} and {attributes.Targets.Shape}");
            attributes.Check(Kind);
            return Shape.Scalar;
        }
    }

    private Tensor LogSumExp => Save("logSumExp", attributes.Targets.Shape);

    private bool BiasNeeds => bias is not null && Needs(bias);

    // z[r, j] = bⱼ + Σᵢ x[r, i] w[j, i]        L = Σᵣ −Σⱼ q[r, j] ln p[r, j] / n,  p = softmax z,  n = rows that count
    protected override void Forward<T>(Span<T> y)
    {
        bool isAhead = !NoGradient.IsActive && Debugging.Recorder.Active is null;
        gradientOfX = isAhead && Needs(x) ? Save("gradientOfX", x.Shape) : null;
        gradientOfWeight = isAhead && Needs(weight) ? Save("gradientOfWeight", weight.Shape) : null;
        gradientOfBias = isAhead && BiasNeeds ? Save("gradientOfBias", bias!.Shape) : null;
        y[0] = Slices<T>().Run(LogSumExp.WritableValues<T>(), Of(gradientOfX), Of(gradientOfWeight), Of(gradientOfBias));

        static Span<T> Of(Tensor? gradient) => gradient is null ? [] : gradient.WritableValues<T>();
    }

    // g[r, j] = ∂L/∂y (p[r, j] − q[r, j]) / n; 0 for ignored rows
    // ∂L/∂x[r, i] += Σⱼ g[r, j] w[j, i]        ∂L/∂w[j, i] += Σᵣ g[r, j] x[r, i]        ∂L/∂bⱼ += Σᵣ g[r, j]
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Needs(x) ? ContributionTo<T>(x) : [];
        Span<T> dWeight = Needs(weight) ? ContributionTo<T>(weight) : [];
        Span<T> dBias = BiasNeeds ? ContributionTo<T>(bias!) : [];
        bool isMade = (dx.IsEmpty || gradientOfX is not null) && (dWeight.IsEmpty || gradientOfWeight is not null)
            && (dBias.IsEmpty || gradientOfBias is not null);
        // An edit of the inputs is an error in either case.
        ProjectionSlices<T> slices = Slices<T>();
        if (!isMade)
        {
            using Scratch<T> logSumExp = new(attributes.Targets.Values.Length);
            slices.Run(logSumExp.Span, dx, dWeight, dBias);
        }

        Elementwise.Scale(isMade && !dx.IsEmpty ? Values<T>(gradientOfX!) : dx, dy[0], dx);
        Elementwise.Scale(isMade && !dWeight.IsEmpty ? Values<T>(gradientOfWeight!) : dWeight, dy[0], dWeight);
        Elementwise.Scale(isMade && !dBias.IsEmpty ? Values<T>(gradientOfBias!) : dBias, dy[0], dBias);
    }

    protected internal override Tensor Composed() =>
        x.Linear(weight, bias).CrossEntropy(attributes.Targets, attributes.LabelSmoothing, attributes.IgnoredTarget);

    private ProjectionSlices<T> Slices<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(Values<T>(x), Values<T>(weight), bias is null ? [] : Values<T>(bias), weight.Shape[0], attributes);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// The same as <c>Linear(weight, bias).CrossEntropy(targets, labelSmoothing, ignoredTarget)</c>, without the memory for all the
    /// logits and without computing those of rows that are ignored.
    /// </summary>
    /// <param name="weight">W, [classes, modelSize]; this tensor is [.., modelSize].</param>
    /// <param name="bias">b, [classes], or null for none.</param>
    /// <param name="targets">The right class of each row, [..].</param>
    /// <param name="labelSmoothing">ε in [0, 1].</param>
    /// <param name="ignoredTarget">Rows with this target count nothing; null ignores none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or no row counts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is no class, or ε is outside [0, 1].</exception>
    public Tensor ProjectedCrossEntropy(Tensor weight, Tensor? bias, Indices targets, double labelSmoothing = 0, int? ignoredTarget = null) =>
        new ProjectedCrossEntropy(this, weight, bias, new CrossEntropyAttributes(targets, labelSmoothing, ignoredTarget)).Apply();
}

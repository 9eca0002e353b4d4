using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;

namespace Transformer.Training.Optimizers;

/// <summary>Settings of <see cref="Adam"/>; the defaults are PyTorch's.</summary>
/// <param name="Beta1">β₁, decay of the first moment.</param>
/// <param name="Beta2">β₂, decay of the second moment.</param>
/// <param name="Epsilon">ε, added to the root of the second moment.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="DecoupledDecay">True for AdamW (Loshchilov and Hutter 2019): parameters shrink by η λ. False: λ p is added to the gradient.</param>
public sealed record AdamOptions(
    double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, bool DecoupledDecay = false)
{
    /// <summary>The settings of Vaswani et al. 2017, section 5.3: β₂ = 0.98, ε = 10⁻⁹.</summary>
    public static AdamOptions Paper { get; } = new(Beta2: 0.98, Epsilon: 1e-9);
}

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), and AdamW where the decay is decoupled.</summary>
public sealed class Adam : Optimizer
{
    private readonly AdamOptions options;
    private readonly Tensor[] firstMoments;
    private readonly Tensor[] secondMoments;
    private readonly int[] chosen;

    /// <summary>Moments start at 0.</summary>
    public Adam(IReadOnlyList<Parameter> parameters, double learningRate, AdamOptions? options = null)
        : base(parameters, learningRate)
    {
        this.options = options ?? new AdamOptions();
        firstMoments = NewState("first_moment");
        secondMoments = NewState("second_moment");
        chosen = new int[parameters.Count];
    }

    // g ← g + λ p,  AdamW: p ← (1 − η λ) p
    // m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        p ← p − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<int> indices, double gradientScale)
    {
        AdamStep step = new(
            LearningRate, options.Beta1, options.Beta2, options.Epsilon,
            1 - Math.Pow(options.Beta1, StepCount), 1 - Math.Pow(options.Beta2, StepCount),
            options.WeightDecay, options.DecoupledDecay, gradientScale);
        OptimizerSteps.AdamOfAll<float, Chosen<float>>(Choose<float>(indices), step);
        OptimizerSteps.AdamOfAll<double, Chosen<double>>(Choose<double>(indices), step);
    }

    // Those of one element type.
    private Chosen<T> Choose<T>(ReadOnlySpan<int> indices)
        where T : unmanaged
    {
        int count = 0;
        foreach (int index in indices)
        {
            if (Parameters[index].DType == DTypes.Of<T>())
                chosen[count++] = index;
        }

        return new Chosen<T>(this, count);
    }

    private readonly struct Chosen<T>(Adam adam, int count) : IAdamParameters<T>
        where T : unmanaged
    {
        public int Count => count;

        public AdamTensors<T> this[int index]
        {
            get
            {
                int which = adam.chosen[index];
                Parameter parameter = adam.Parameters[which];
                return new(
                    parameter.EditableValues<T>(), parameter.Gradient!.Values<T>(),
                    adam.firstMoments[which].EditableValues<T>(), adam.secondMoments[which].EditableValues<T>());
            }
        }
    }
}

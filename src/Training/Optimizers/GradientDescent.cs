using System.Numerics;
using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;

namespace Transformer.Training.Optimizers;

/// <summary>Settings of <see cref="GradientDescent"/>.</summary>
/// <param name="Momentum">μ; 0 for plain gradient descent.</param>
/// <param name="Nesterov">True for Nesterov's form (Sutskever et al. 2013).</param>
/// <param name="WeightDecay">λ; λ p is added to the gradient.</param>
public sealed record GradientDescentOptions(double Momentum = 0, bool Nesterov = false, double WeightDecay = 0);

/// <summary>Stochastic gradient descent with momentum, in the form of <c>torch.optim.SGD</c>.</summary>
public sealed class GradientDescent : Optimizer
{
    private readonly GradientDescentOptions options;
    private readonly Tensor[] velocities;

    /// <summary>Velocities start at 0.</summary>
    public GradientDescent(IReadOnlyList<Parameter> parameters, double learningRate, GradientDescentOptions? options = null)
        : base(parameters, learningRate)
    {
        this.options = options ?? new GradientDescentOptions();
        velocities = NewState("velocity");
    }

    // g ← g + λ p        b ← μ b + g        p ← p − η b,  Nesterov: p ← p − η (g + μ b)
    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<int> indices, double gradientScale)
    {
        MomentumStep step = new(LearningRate, options.Momentum, options.Nesterov, options.WeightDecay, gradientScale);
        foreach (int index in indices)
        {
            MomentumUpdate update = new(Parameters[index], Parameters[index].Gradient!, velocities[index], step);
            Parameters[index].DType.Dispatch(ref update);
        }
    }

    private readonly struct MomentumUpdate(Tensor parameter, Tensor gradient, Tensor velocity, MomentumStep step) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            OptimizerSteps.Momentum(
                parameter.EditableValues<T>(), gradient.Values<T>(), velocity.EditableValues<T>(), step);
    }
}

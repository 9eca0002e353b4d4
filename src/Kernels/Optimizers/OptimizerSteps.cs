using System.Numerics;

namespace Transformer.Kernels;

/// <summary>One update of one parameter by Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019).</summary>
/// <param name="Rate">Learning rate η.</param>
/// <param name="Beta1">β₁, decay of the first moment.</param>
/// <param name="Beta2">β₂, decay of the second moment.</param>
/// <param name="Epsilon">ε, added to the root of the second moment.</param>
/// <param name="Correction1">1 − β₁ᵗ at step t = 1, 2, …</param>
/// <param name="Correction2">1 − β₂ᵗ.</param>
/// <param name="WeightDecay">λ.</param>
/// <param name="Decoupled">True: the parameter shrinks by η λ (AdamW). False: λ · parameter is added to the gradient (Adam with L2).</param>
/// <param name="GradientScale">Factor of the gradient, such as that of clipping; 1 for none.</param>
public readonly record struct AdamStep(double Rate, double Beta1, double Beta2, double Epsilon, double Correction1, double Correction2,
    double WeightDecay, bool Decoupled, double GradientScale);

/// <summary>One update of one parameter by gradient descent with momentum.</summary>
/// <param name="Rate">Learning rate η.</param>
/// <param name="Momentum">μ; 0 for plain gradient descent.</param>
/// <param name="Nesterov">True takes the gradient ahead of the momentum (Sutskever et al. 2013).</param>
/// <param name="WeightDecay">λ: λ · parameter is added to the gradient.</param>
/// <param name="GradientScale">Factor of the gradient, such as that of clipping; 1 for none.</param>
public readonly record struct MomentumStep(double Rate, double Momentum, bool Nesterov, double WeightDecay, double GradientScale);

/// <summary>
/// Updates of parameters in place, in the arithmetic order of <c>torch.optim</c>. The settings are double for both element types, so that
/// 1 − β is rounded once. Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static unsafe partial class OptimizerSteps
{
    /// <summary>
    /// g ← scale · g (+ λ p); m ← m + (1 − β₁)(g − m); v ← β₂ v + (1 − β₂) g²; p ← p − η / c₁ · m / (√v / √c₂ + ε), where with decoupled
    /// decay p is first multiplied by 1 − η λ. The gradient is read only.
    /// </summary>
    public static void Adam<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> firstMoment, Span<T> secondMoment, in AdamStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(gradient), gradient.Length, parameter.Length);
        Check.Length(nameof(firstMoment), firstMoment.Length, parameter.Length);
        Check.Length(nameof(secondMoment), secondMoment.Length, parameter.Length);
        if (Execution.Plain)
        {
            OptimizerStepsPlain.Adam(parameter, gradient, firstMoment, secondMoment, step);
            return;
        }
        int n = parameter.Length;
        fixed (T* p = parameter, g = gradient, m = firstMoment, v = secondMoment)
            Ranges.Run<T, AdamKernel<T>>(n, 1, new(new(p, n), new(g, n), new(m, n), new(v, n), step));
    }

    /// <summary>
    /// g ← scale · g + λ p; b ← μ b + g; p ← p − η b, or with Nesterov p ← p − η (g + μ b). The buffer b begins as 0; it may be empty
    /// where μ is 0. The gradient is read only.
    /// </summary>
    public static void Momentum<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> buffer, in MomentumStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(gradient), gradient.Length, parameter.Length);
        if (step.Momentum != 0 || !buffer.IsEmpty)
            Check.Length(nameof(buffer), buffer.Length, parameter.Length);
        if (Execution.Plain)
        {
            OptimizerStepsPlain.Momentum(parameter, gradient, buffer, step);
            return;
        }
        int n = parameter.Length;
        fixed (T* p = parameter, g = gradient, b = buffer)
            Ranges.Run<T, MomentumKernel<T>>(n, 1, new(new(p, n), new(g, n), new(b, buffer.Length), step));
    }
}

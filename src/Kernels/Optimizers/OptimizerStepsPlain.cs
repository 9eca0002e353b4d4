using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The plain references of <see cref="OptimizerSteps"/>.</summary>
internal static class OptimizerStepsPlain
{
    // s scales all gradients (clipping). g ← s g + λ p,  AdamW: p ← (1 − η λ) p and g ← s g
    // m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        p ← p − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
    public static void Adam<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> firstMoment, Span<T> secondMoment, in AdamStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(step.GradientScale);
        T keep = T.CreateTruncating(step.Decoupled ? 1 - (step.Rate * step.WeightDecay) : 1);
        T decay = T.CreateTruncating(step.Decoupled ? 0 : step.WeightDecay);
        T weight1 = T.CreateTruncating(1 - step.Beta1);
        T beta2 = T.CreateTruncating(step.Beta2);
        T weight2 = T.CreateTruncating(1 - step.Beta2);
        T rate = T.CreateTruncating(step.Rate / step.Correction1);
        T root = T.CreateTruncating(Math.Sqrt(step.Correction2));
        T epsilon = T.CreateTruncating(step.Epsilon);
        for (int i = 0; i < parameter.Length; i++)
        {
            T p = parameter[i] * keep;
            T g = (gradient[i] * scale) + (decay * p);
            firstMoment[i] += weight1 * (g - firstMoment[i]);
            secondMoment[i] = (beta2 * secondMoment[i]) + (weight2 * g * g);
            parameter[i] = p - (rate * firstMoment[i] / ((T.Sqrt(secondMoment[i]) / root) + epsilon));
        }
    }

    // g ← s g + λ p        b ← μ b + g        p ← p − η b,  Nesterov: p ← p − η (g + μ b)
    public static void Momentum<T>(Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> buffer, in MomentumStep step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T rate = T.CreateTruncating(step.Rate);
        T momentum = T.CreateTruncating(step.Momentum);
        T decay = T.CreateTruncating(step.WeightDecay);
        T scale = T.CreateTruncating(step.GradientScale);
        for (int i = 0; i < parameter.Length; i++)
        {
            T g = (gradient[i] * scale) + (decay * parameter[i]);
            if (step.Momentum != 0)
            {
                buffer[i] = (momentum * buffer[i]) + g;
                g = step.Nesterov ? g + (momentum * buffer[i]) : buffer[i];
            }
            parameter[i] -= rate * g;
        }
    }
}

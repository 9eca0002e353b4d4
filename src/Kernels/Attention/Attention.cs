using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// Scaled dot-product attention (Vaswani et al. 2017, "Attention is all you need", section 3.2.1) over all heads at once:
/// softmax(scale · Q Kᵀ) V, with mask, and dropout on the weights. The weights are never written, only the maximum and the sum of each of
/// their rows: the backward pass computes them again (Dao et al. 2022, "FlashAttention"). Sequences and heads are spread over threads.
/// </summary>
public static partial class Attention
{
    /// <summary>
    /// weights = softmax(scale · Q Kᵀ) over the sources that the mask allows, output = dropout(weights) V.
    /// A target that may attend to nothing has weights 0 and output 0.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="inputs">Q, K, V, mask, scale and dropout.</param>
    /// <param name="maximum">[batch, head, target]: the largest scaled score of each row, −∞ where there is none.</param>
    /// <param name="inverse">[batch, head, target]: 1 / Σ exp(score − maximum), 0 where there is none.</param>
    /// <param name="output">O, [batch, target, heads · headSize] with rows OutputStride apart; nothing between them is touched.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape, or the shape has rows that overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, the scale not positive or the dropout rate not in [0, 1).</exception>
    public static void Forward<T>(in AttentionInputs<T> inputs, Span<T> maximum, Span<T> inverse, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionChecks.Common(inputs, maximum.Length, inverse.Length);
        AttentionChecks.Rows(nameof(output), output.Length, inputs.Shape, inputs.Shape.TargetLength, inputs.Shape.OutputStride);
        Run<T, ForwardPass>(inputs, new(maximum, inverse) { Output = output });
    }

    /// <summary>
    /// The gradients of <see cref="Forward"/>. With the weights W, computed again, and the dropped ones W̃ = W ⊙ D, where D is 0 or
    /// 1/(1 − rate): ∂L/∂V = W̃ᵀ ∂L/∂O; ∂L/∂W = (∂L/∂O Vᵀ) ⊙ D; ∂L/∂S = W ⊙ (∂L/∂W − Σ over sources of W ⊙ ∂L/∂W), where the sum is
    /// also ∂L/∂O · O; ∂L/∂Q = scale · ∂L/∂S K; ∂L/∂K = scale · ∂L/∂Sᵀ Q. Each gradient lies like what it is the gradient of.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="inputs">The same inputs.</param>
    /// <param name="maximum">What <see cref="Forward"/> wrote.</param>
    /// <param name="inverse">What <see cref="Forward"/> wrote.</param>
    /// <param name="output">What <see cref="Forward"/> wrote.</param>
    /// <param name="outputGradient">∂L/∂O.</param>
    /// <param name="queryGradient">∂L/∂Q is assigned, or nothing where empty.</param>
    /// <param name="keyGradient">∂L/∂K is assigned, or nothing where empty.</param>
    /// <param name="valueGradient">∂L/∂V is assigned, or nothing where empty.</param>
    /// <inheritdoc cref="Forward" path="/exception"/>
    public static void Backward<T>(
        in AttentionInputs<T> inputs, ReadOnlySpan<T> maximum, ReadOnlySpan<T> inverse, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient,
        Span<T> queryGradient, Span<T> keyGradient, Span<T> valueGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = inputs.Shape;
        AttentionChecks.Common(inputs, maximum.Length, inverse.Length);
        AttentionChecks.Rows(nameof(output), output.Length, shape, shape.TargetLength, shape.OutputStride);
        AttentionChecks.Rows(nameof(outputGradient), outputGradient.Length, shape, shape.TargetLength, shape.OutputStride);
        if (!queryGradient.IsEmpty)
            AttentionChecks.Rows(nameof(queryGradient), queryGradient.Length, shape, shape.TargetLength, shape.QueryStride);
        if (!keyGradient.IsEmpty)
            AttentionChecks.Rows(nameof(keyGradient), keyGradient.Length, shape, shape.SourceLength, shape.KeyStride);
        if (!valueGradient.IsEmpty)
            AttentionChecks.Rows(nameof(valueGradient), valueGradient.Length, shape, shape.SourceLength, shape.ValueStride);
        Run<T, BackwardPass>(inputs, new(maximum, inverse)
        {
            Output = output,
            OutputGradient = outputGradient,
            QueryGradient = queryGradient,
            KeyGradient = keyGradient,
            ValueGradient = valueGradient,
        });
    }

    /// <summary>The weights that <see cref="Forward"/> did not keep, before dropout: exp(scale · Q Kᵀ − maximum) · inverse, 0 where masked.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="inputs">The same inputs.</param>
    /// <param name="maximum">What <see cref="Forward"/> wrote.</param>
    /// <param name="inverse">What <see cref="Forward"/> wrote.</param>
    /// <param name="weights">[batch, head, target, source].</param>
    /// <inheritdoc cref="Forward" path="/exception"/>
    public static void Weights<T>(in AttentionInputs<T> inputs, ReadOnlySpan<T> maximum, ReadOnlySpan<T> inverse, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionInputs<T> undropped = inputs.Undropped;
        AttentionChecks.Common(undropped, maximum.Length, inverse.Length);
        Check.Length(nameof(weights), weights.Length, inputs.Shape.WeightCount);
        weights.Clear();
        Run<T, WeightPass>(undropped, new(maximum, inverse) { Weights = weights });
    }
}

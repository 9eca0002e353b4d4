using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Scaled dot-product attention (Vaswani et al. 2017, "Attention is all you need", section 3.2.1) over all heads at once:
/// softmax(scale · Q Kᵀ) V, with mask, and dropout on the weights. Sentences and heads are spread over threads.
/// </summary>
public static unsafe class Attention
{
    /// <summary>
    /// weights = softmax(scale · Q Kᵀ) over the sources that the mask allows, output = dropout(weights) V.
    /// A target that may attend to nothing has weights 0 and output 0.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">Sizes and strides.</param>
    /// <param name="query">Q, [batch, target, heads · headSize] with rows QueryStride apart.</param>
    /// <param name="key">K, [batch, source, heads · headSize] with rows KeyStride apart.</param>
    /// <param name="value">V, [batch, source, heads · headSize] with rows ValueStride apart.</param>
    /// <param name="mask">Who may attend to whom.</param>
    /// <param name="scale">Factor of the scores, 1/√headSize in the paper; positive.</param>
    /// <param name="dropout">Dropout on the weights, its mask counted over [batch, head, target, source].</param>
    /// <param name="weights">[batch, head, target, source], before dropout: what <see cref="Backward"/> asks for.</param>
    /// <param name="output">[batch, target, heads · headSize] with rows OutputStride apart; nothing between them is touched.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape, or the shape has rows that overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, the scale not positive or the dropout rate not in [0, 1).</exception>
    public static void Forward<T>(
        AttentionShape shape, ReadOnlySpan<T> query, ReadOnlySpan<T> key, ReadOnlySpan<T> value,
        AttentionMask mask, T scale, DropoutMask dropout, Span<T> weights, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionChecks.Common(shape, query.Length, key.Length, value.Length, weights.Length, scale, dropout);
        AttentionChecks.Mask(shape, mask);
        AttentionChecks.Rows(nameof(output), output.Length, shape, shape.TargetLength, shape.OutputStride);
        fixed (T* q = query, k = key, v = value, w = weights, o = output)
        fixed (bool* allowed = mask.Values)
        {
            var problem = new AttentionProblem<T>(shape, scale, dropout)
            {
                Query = q,
                Key = k,
                Value = v,
                Weights = w,
                Output = o,
                Allowed = mask.Values.IsEmpty ? null : allowed,
                AllowedBatchStride = mask.BatchStride,
                AllowedHeadStride = mask.HeadStride,
                AllowedTargetStride = mask.TargetStride,
                Causal = mask.Causal,
            };
            if (Execution.Plain)
                AttentionPlain.Forward(problem);
            else if (Execution.VectorBits == 512)
                AttentionForward<Vector512<T>, Simd512<T>, T>.Run(problem);
            else if (Execution.VectorBits == 256)
                AttentionForward<Vector256<T>, Simd256<T>, T>.Run(problem);
            else
                AttentionForward<Vector128<T>, Simd128<T>, T>.Run(problem);
        }
    }

    /// <summary>
    /// The gradients of <see cref="Forward"/>. With the dropped weights W̃ = W ⊙ D, where D is 0 or 1/(1 − rate):
    /// ∂L/∂V = W̃ᵀ ∂L/∂O; ∂L/∂W = (∂L/∂O Vᵀ) ⊙ D; ∂L/∂S = W ⊙ (∂L/∂W − Σ over sources of W ⊙ ∂L/∂W);
    /// ∂L/∂Q = scale · ∂L/∂S K; ∂L/∂K = scale · ∂L/∂Sᵀ Q.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">Sizes and strides, as in <see cref="Forward"/>; each gradient lies like what it is the gradient of.</param>
    /// <param name="query">Q.</param>
    /// <param name="key">K.</param>
    /// <param name="value">V.</param>
    /// <param name="weights">The weights that <see cref="Forward"/> wrote; masked ones are 0, so no mask is needed.</param>
    /// <param name="scale">The same scale.</param>
    /// <param name="dropout">The same dropout.</param>
    /// <param name="outputGradient">∂L/∂O, with rows OutputStride apart.</param>
    /// <param name="queryGradient">∂L/∂Q is assigned, or nothing where empty.</param>
    /// <param name="keyGradient">∂L/∂K is assigned, or nothing where empty.</param>
    /// <param name="valueGradient">∂L/∂V is assigned, or nothing where empty.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape, or the shape has rows that overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, the scale not positive or the dropout rate not in [0, 1).</exception>
    public static void Backward<T>(
        AttentionShape shape, ReadOnlySpan<T> query, ReadOnlySpan<T> key, ReadOnlySpan<T> value, ReadOnlySpan<T> weights,
        T scale, DropoutMask dropout, ReadOnlySpan<T> outputGradient, Span<T> queryGradient, Span<T> keyGradient, Span<T> valueGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionChecks.Common(shape, query.Length, key.Length, value.Length, weights.Length, scale, dropout);
        AttentionChecks.Rows(nameof(outputGradient), outputGradient.Length, shape, shape.TargetLength, shape.OutputStride);
        if (!queryGradient.IsEmpty)
            AttentionChecks.Rows(nameof(queryGradient), queryGradient.Length, shape, shape.TargetLength, shape.QueryStride);
        if (!keyGradient.IsEmpty)
            AttentionChecks.Rows(nameof(keyGradient), keyGradient.Length, shape, shape.SourceLength, shape.KeyStride);
        if (!valueGradient.IsEmpty)
            AttentionChecks.Rows(nameof(valueGradient), valueGradient.Length, shape, shape.SourceLength, shape.ValueStride);
        fixed (T* q = query, k = key, v = value, w = weights, dOut = outputGradient)
        fixed (T* dq = queryGradient, dk = keyGradient, dv = valueGradient)
        {
            var problem = new AttentionProblem<T>(shape, scale, dropout)
            {
                Query = q,
                Key = k,
                Value = v,
                Weights = w,
                Output = dOut,
                QueryGradient = dq,
                KeyGradient = dk,
                ValueGradient = dv,
            };
            if (Execution.Plain)
                AttentionPlain.Backward(problem);
            else if (Execution.VectorBits == 512)
                AttentionBackward<Vector512<T>, Simd512<T>, T>.Run(problem);
            else if (Execution.VectorBits == 256)
                AttentionBackward<Vector256<T>, Simd256<T>, T>.Run(problem);
            else
                AttentionBackward<Vector128<T>, Simd128<T>, T>.Run(problem);
        }
    }
}

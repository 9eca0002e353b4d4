using System.Numerics;
using System.Runtime.Intrinsics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Scaled dot-product attention (Vaswani et al. 2017, "Attention is all you need", section 3.2.1) over all heads at once:
/// softmax(scale · Q Kᵀ) V, with mask, and dropout on the weights. The weights are never written, only the maximum and the sum of each of
/// their rows: the backward pass computes them again (Dao et al. 2022, "FlashAttention"). Sequences and heads are spread over threads.
/// </summary>
public static unsafe partial class Attention
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
    /// <param name="maximum">[batch, head, target]: the largest scaled score of each row, −∞ where there is none.</param>
    /// <param name="inverse">[batch, head, target]: 1 / Σ exp(score − maximum), 0 where there is none.</param>
    /// <param name="output">[batch, target, heads · headSize] with rows OutputStride apart; nothing between them is touched.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape, or the shape has rows that overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, the scale not positive or the dropout rate not in [0, 1).</exception>
    public static void Forward<T>(
        AttentionShape shape, ReadOnlySpan<T> query, ReadOnlySpan<T> key, ReadOnlySpan<T> value,
        AttentionMask mask, T scale, DropoutMask dropout, Span<T> maximum, Span<T> inverse, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionChecks.Common(shape, query.Length, key.Length, maximum.Length, inverse.Length, scale, dropout);
        AttentionChecks.Mask(shape, mask);
        AttentionChecks.Rows(nameof(value), value.Length, shape, shape.SourceLength, shape.ValueStride);
        AttentionChecks.Rows(nameof(output), output.Length, shape, shape.TargetLength, shape.OutputStride);
        fixed (T* q = query, k = key, v = value, m = maximum, i = inverse, o = output)
        fixed (bool* allowed = mask.Values)
        fixed (int* targetStarts = mask.TargetStarts, sourceStarts = mask.SourceStarts)
        {
            var problem = new AttentionProblem<T>(shape, scale, dropout)
            {
                Query = q,
                Key = k,
                Value = v,
                Maximum = m,
                Inverse = i,
                Output = o,
                Allowed = mask.Values.IsEmpty ? null : allowed,
                AllowedBatchStride = mask.BatchStride,
                AllowedHeadStride = mask.HeadStride,
                AllowedTargetStride = mask.TargetStride,
                Causal = mask.Causal,
                TargetStarts = targetStarts,
                SourceStarts = sourceStarts,
                Packed = mask.Packed,
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

    /// <summary>The weights that <see cref="Forward"/> did not keep, before dropout: exp(scale · Q Kᵀ − maximum) · inverse, 0 where masked.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">Sizes and strides, as in <see cref="Forward"/>.</param>
    /// <param name="query">Q.</param>
    /// <param name="key">K.</param>
    /// <param name="mask">The same mask.</param>
    /// <param name="scale">The same scale.</param>
    /// <param name="maximum">What <see cref="Forward"/> wrote.</param>
    /// <param name="inverse">What <see cref="Forward"/> wrote.</param>
    /// <param name="weights">[batch, head, target, source].</param>
    /// <exception cref="ArgumentException">A span is too short for the shape, or the shape has rows that overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or the scale not positive.</exception>
    public static void Weights<T>(
        AttentionShape shape, ReadOnlySpan<T> query, ReadOnlySpan<T> key, AttentionMask mask, T scale,
        ReadOnlySpan<T> maximum, ReadOnlySpan<T> inverse, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionChecks.Common(shape, query.Length, key.Length, maximum.Length, inverse.Length, scale, default);
        AttentionChecks.Mask(shape, mask);
        Check.Length(nameof(weights), weights.Length, shape.WeightCount);
        weights.Clear();
        fixed (T* q = query, k = key, m = maximum, i = inverse, w = weights)
        fixed (bool* allowed = mask.Values)
        fixed (int* targetStarts = mask.TargetStarts, sourceStarts = mask.SourceStarts)
        {
            var problem = new AttentionProblem<T>(shape, scale, default)
            {
                Query = q,
                Key = k,
                Value = null,
                Maximum = m,
                Inverse = i,
                Weights = w,
                Allowed = mask.Values.IsEmpty ? null : allowed,
                AllowedBatchStride = mask.BatchStride,
                AllowedHeadStride = mask.HeadStride,
                AllowedTargetStride = mask.TargetStride,
                Causal = mask.Causal,
                TargetStarts = targetStarts,
                SourceStarts = sourceStarts,
                Packed = mask.Packed,
            };
            if (Execution.Plain)
                AttentionPlain.Weights(problem);
            else if (Execution.VectorBits == 512)
                AttentionWeights<Vector512<T>, Simd512<T>, T>.Run(problem);
            else if (Execution.VectorBits == 256)
                AttentionWeights<Vector256<T>, Simd256<T>, T>.Run(problem);
            else
                AttentionWeights<Vector128<T>, Simd128<T>, T>.Run(problem);
        }
    }
}

using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1) from small operations, each of which can be seen,
/// stepped through and differentiated by itself: Attention(Q, K, V) = softmax(Q Kᵀ / √headSize) V.
/// <see cref="Tensor.Attend(Tensor, Tensor, AttentionAttributes, out Tensor)"/> computes the same as one operation.
/// </summary>
public static class ComposedAttention
{
    /// <summary>Attention of all heads.</summary>
    /// <param name="query">Q, [batch, targetLength, modelSize].</param>
    /// <param name="key">K, [batch, sourceLength, modelSize].</param>
    /// <param name="value">V, [batch, sourceLength, modelSize].</param>
    /// <param name="attributes">Heads, mask, dropout.</param>
    /// <param name="weights">Softmax's result before dropout, [batch, head, targetLength, sourceLength]; differentiable.</param>
    /// <returns>The heads side by side, [batch, targetLength, modelSize].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionAttributes attributes, out Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(attributes);
        Tensor q = SplitHeads(query, attributes.HeadCount);
        Tensor k = SplitHeads(key, attributes.HeadCount);
        Tensor v = SplitHeads(value, attributes.HeadCount);

        Tensor scores = q.MatMul(k, transposeOther: true) / Math.Sqrt(q.Shape[-1]);
        if (MaskOf(attributes, scores.Shape) is { } mask)
            scores = scores.MaskedFill(mask, double.NegativeInfinity);
        weights = scores.Softmax();
        Tensor kept = attributes.DropoutRate > 0 ? weights.Dropout(attributes.DropoutRate, attributes.DropoutKey) : weights;
        return MergeHeads(kept.MatMul(v));
    }

    // [batch, length, modelSize] → [batch, head, length, headSize]
    private static Tensor SplitHeads(Tensor x, int headCount) =>
        x.Reshape(x.Shape[0], x.Shape[1], headCount, x.Shape[2] / headCount).Permute(0, 2, 1, 3);

    // [batch, head, length, headSize] → [batch, length, modelSize]
    private static Tensor MergeHeads(Tensor x) =>
        x.Permute(0, 2, 1, 3).Reshape(x.Shape[0], x.Shape[2], x.Shape[1] * x.Shape[3]);

    private static Mask? MaskOf(AttentionAttributes attributes, Shape scores)
    {
        if (!attributes.Causal)
            return attributes.Mask;
        Mask causal = Causal(scores[-2], scores[-1]);
        return attributes.Mask?.And(causal) ?? causal;
    }

    // Target t sees source s where s ≤ t + (sourceLength − targetLength): the last target sees all.
    private static Mask Causal(int targetLength, int sourceLength)
    {
        bool[] values = new bool[targetLength * sourceLength];
        for (int target = 0; target < targetLength; target++)
        {
            int visible = Math.Clamp(target + 1 + sourceLength - targetLength, 0, sourceLength);
            values.AsSpan(target * sourceLength, visible).Fill(true);
        }

        return new Mask(values, [targetLength, sourceLength]);
    }
}

namespace Transformer.Autograd;

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
    /// <exception cref="ArgumentException">The shapes do not fit, or the heads do not divide modelSize.</exception>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionAttributes attributes, out Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(attributes);
        CheckShapes(query, key, value, attributes.HeadCount);
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
        if (AttentionMasks.BlocksOf(attributes, scores.Sizes) is var (targets, sources))
            return Mask.CausalWithin(targets, sources);
        Mask causal = Mask.Causal(scores[-2], scores[-1]);
        return attributes.Mask?.And(causal) ?? causal;
    }

    private static void CheckShapes(Tensor query, Tensor key, Tensor value, int headCount)
    {
        Shape q = query.Shape;
        Shape k = key.Shape;
        if (q.Rank != 3 || k.Rank != 3 || k[0] != q[0] || k[2] != q[2] || !value.Shape.Equals(k))
        {
            throw new ArgumentException(
                $"ComposedAttention: inputs are [batch, length, modelSize], keys and values of one length, not {q}, {k}, {value.Shape}");
        }

        if (headCount < 1 || q[2] % headCount != 0)
            throw new ArgumentException($"ComposedAttention: modelSize {q[2]} does not divide into {headCount} heads");
    }
}

namespace Transformer.Kernels;

/// <summary>
/// Which source positions each target position may attend to: those that <see cref="Values"/> allows and, where
/// <see cref="Causal"/>, none that lies ahead. The default allows all. Note that PyTorch's boolean masks often mean the opposite.
/// </summary>
/// <param name="values">
/// true = may attend; element (batch b, head h, target t, source s) at b · batchStride + h · headStride + t · targetStride + s.
/// Empty allows all.
/// </param>
/// <param name="batchStride">0 uses the same for every sentence.</param>
/// <param name="headStride">0 uses the same for every head.</param>
/// <param name="targetStride">0 uses the same for every target position, as a padding mask [batch, source] does.</param>
/// <param name="causal">
/// Target t sees source s only where s ≤ t + (SourceLength − TargetLength): the last target sees all, so that a step of
/// incremental decoding, one target over all sources so far, is causal as well.
/// </param>
public readonly ref struct AttentionMask(ReadOnlySpan<bool> values, int batchStride = 0, int headStride = 0, int targetStride = 0, bool causal = false)
{
    /// <summary>true = may attend; empty allows all.</summary>
    public ReadOnlySpan<bool> Values { get; } = values;

    /// <summary>Elements from one sentence to the next, or 0.</summary>
    public int BatchStride { get; } = batchStride;

    /// <summary>Elements from one head to the next, or 0.</summary>
    public int HeadStride { get; } = headStride;

    /// <summary>Elements from one target position to the next, or 0.</summary>
    public int TargetStride { get; } = targetStride;

    /// <summary>Whether sources ahead of a target are hidden from it.</summary>
    public bool Causal { get; } = causal;
}

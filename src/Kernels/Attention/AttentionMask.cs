namespace Transformer.Kernels;

/// <summary>
/// Which source positions each target position may attend to: those that <see cref="Values"/> allows, of its own sequence where several are
/// packed into one, and, where <see cref="Causal"/>, none that lies ahead. The default allows all. Note that PyTorch's boolean masks often
/// mean the opposite.
/// </summary>
/// <param name="values">
/// true = may attend; element (batch b, head h, target t, source s) at b · batchStride + h · headStride + t · targetStride + s.
/// Empty allows all.
/// </param>
/// <param name="batchStride">0 uses the same for every sentence.</param>
/// <param name="headStride">0 uses the same for every head.</param>
/// <param name="targetStride">0 uses the same for every target position, as a padding mask [batch, source] does.</param>
/// <param name="causal">
/// Target t sees source s only where s ≤ t + (source length − target length), both counted within their sequence: the last target sees
/// all, so that a step of incremental decoding, one target over all sources so far, is causal as well.
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

    /// <summary>
    /// Where sequences begin that are packed one after the other on the axis of the targets, and behind the last one its length: a target
    /// sees sources of the sequence with the same number only. Empty where there is one sequence.
    /// </summary>
    public ReadOnlySpan<int> TargetStarts { get; init; }

    /// <summary>The same of the sources; as many.</summary>
    public ReadOnlySpan<int> SourceStarts { get; init; }

    /// <summary>Sequences in each element of the batch.</summary>
    internal int Packed => TargetStarts.IsEmpty ? 1 : TargetStarts.Length - 1;
}

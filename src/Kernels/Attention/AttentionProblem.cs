using System.Numerics;

namespace Transformer.Kernels;

/// <summary>One attention, forward or backward, over pinned memory, and the addresses of what belongs to one head of one sentence.</summary>
internal readonly unsafe struct AttentionProblem<T>(AttentionShape shape, T scale, DropoutMask dropout)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AttentionShape Shape { get; } = shape;

    public T Scale { get; } = scale;

    public RandomKey DropoutKey { get; } = dropout.Key;

    public T DropoutRate { get; } = T.CreateChecked(dropout.Rate);

    public required T* Query { get; init; }

    public required T* Key { get; init; }

    public required T* Value { get; init; }

    public required T* Weights { get; init; }

    /// <summary>The output in a forward pass, its gradient in a backward one.</summary>
    public required T* Output { get; init; }

    public T* QueryGradient { get; init; }

    public T* KeyGradient { get; init; }

    public T* ValueGradient { get; init; }

    /// <summary>true = may attend; null allows all.</summary>
    public bool* Allowed { get; init; }

    public int AllowedBatchStride { get; init; }

    public int AllowedHeadStride { get; init; }

    public int AllowedTargetStride { get; init; }

    public bool Causal { get; init; }

    public bool Drops => DropoutRate > T.Zero;

    /// <summary>Heads of all sentences: what is spread over threads.</summary>
    public int HeadCount => Shape.Batch * Shape.Heads;

    /// <summary>Row <paramref name="target"/> of a matrix that lies like the query or the output.</summary>
    public T* TargetRow(T* matrix, int stride, int batch, int head, int target) =>
        matrix + ((((long)batch * Shape.TargetLength) + target) * stride) + ((long)head * Shape.HeadSize);

    /// <summary>Row <paramref name="source"/> of a matrix that lies like the keys or the values.</summary>
    public T* SourceRow(T* matrix, int stride, int batch, int head, int source) =>
        matrix + ((((long)batch * Shape.SourceLength) + source) * stride) + ((long)head * Shape.HeadSize);

    /// <summary>The index of (batch, head, target, 0) among the weights.</summary>
    public long WeightIndex(int batch, int head, int target) =>
        (((((long)batch * Shape.Heads) + head) * Shape.TargetLength) + target) * Shape.SourceLength;

    /// <summary>The mask of one target's sources; null allows all.</summary>
    public bool* AllowedRow(int batch, int head, int target) =>
        Allowed == null ? null
        : Allowed + ((long)batch * AllowedBatchStride) + ((long)head * AllowedHeadStride) + ((long)target * AllowedTargetStride);

    /// <summary>How many sources, from the first on, a target sees where attention is causal; else all.</summary>
    public int Visible(int target) =>
        Causal ? Math.Clamp(target + 1 + Shape.SourceLength - Shape.TargetLength, 0, Shape.SourceLength) : Shape.SourceLength;
}

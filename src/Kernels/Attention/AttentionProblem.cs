using System.Numerics;

namespace Transformer.Kernels;

/// <summary>One attention, forward or backward, over pinned memory; <see cref="AttentionHead{T}"/> is what belongs to one head of one sequence.</summary>
internal readonly unsafe struct AttentionProblem<T>(AttentionShape shape, T scale, AttentionDropout dropout)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AttentionShape Shape { get; } = shape;

    public T Scale { get; } = scale;

    public RandomKey DropoutKey { get; } = dropout.Key;

    public T DropoutRate { get; } = T.CreateChecked(dropout.Rate);

    public required T* Query { get; init; }

    public required T* Key { get; init; }

    public required T* Value { get; init; }

    /// <summary>Written in a forward pass, read in a backward one.</summary>
    public T* Output { get; init; }

    /// <summary>The largest scaled score of each (batch, head, target); −∞ where it sees no source.</summary>
    public required T* Maximum { get; init; }

    /// <summary>1 / Σ exp(score − maximum) of each (batch, head, target); 0 where it sees no source.</summary>
    public required T* Inverse { get; init; }

    /// <summary>[batch, head, target, source], where they are asked for.</summary>
    public T* Weights { get; init; }

    public T* OutputGradient { get; init; }

    public T* QueryGradient { get; init; }

    public T* KeyGradient { get; init; }

    public T* ValueGradient { get; init; }

    /// <summary>true = may attend; null allows all.</summary>
    public bool* Allowed { get; init; }

    public int AllowedBatchStride { get; init; }

    public int AllowedHeadStride { get; init; }

    public int AllowedTargetStride { get; init; }

    public bool Causal { get; init; }

    /// <summary>Where packed sequences begin, and the end of the last; null where each element of the batch is a sequence.</summary>
    public int* TargetStarts { get; init; }

    public int* SourceStarts { get; init; }

    /// <summary>Packed sequences in each element of the batch, or 1.</summary>
    public int Packed { get; init; } = 1;

    public bool Drops => DropoutRate > T.Zero;

    public int Sequences => Shape.Batch * Packed;

    public int LongestTarget
    {
        get
        {
            int longest = TargetStarts == null ? Shape.TargetLength : 0;
            for (int i = 0; TargetStarts != null && i < Packed; i++)
                longest = Math.Max(longest, TargetStarts[i + 1] - TargetStarts[i]);
            return longest;
        }
    }

    /// <summary>Pairs of a target and a source of its sequence, for one head.</summary>
    public long Pairs
    {
        get
        {
            long pairs = TargetStarts == null ? (long)Shape.TargetLength * Shape.SourceLength : 0;
            for (int i = 0; TargetStarts != null && i < Packed; i++)
                pairs += (long)(TargetStarts[i + 1] - TargetStarts[i]) * (SourceStarts[i + 1] - SourceStarts[i]);
            return pairs * Shape.Batch;
        }
    }
}

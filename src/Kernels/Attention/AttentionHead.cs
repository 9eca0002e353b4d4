using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// What belongs to one head of one sequence: where its rows begin, how many there are, and who sees whom. Targets and sources
/// are counted within the sequence.
/// </summary>
internal readonly unsafe struct AttentionHead<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AttentionShape shape;
    private readonly long firstWeight;
    private readonly bool* allowed;
    private readonly int allowedStride;
    private readonly int visibleToFirst;
    private readonly bool causal;

    public AttentionHead(in AttentionProblem<T> problem, int sequence, int head)
    {
        shape = problem.Shape;
        (int batch, int packed) = Math.DivRem(sequence, problem.Packed);
        bool isPacked = problem.TargetStarts != null;
        int firstTarget = isPacked ? problem.TargetStarts[packed] : 0;
        int firstSource = isPacked ? problem.SourceStarts[packed] : 0;
        Targets = isPacked ? problem.TargetStarts[packed + 1] - firstTarget : shape.TargetLength;
        AllSources = isPacked ? problem.SourceStarts[packed + 1] - firstSource : shape.SourceLength;

        long targetRow = ((long)batch * shape.TargetLength) + firstTarget;
        long sourceRow = ((long)batch * shape.SourceLength) + firstSource;
        long column = (long)head * shape.HeadSize;
        Query = problem.Query + (targetRow * shape.QueryStride) + column;
        Key = problem.Key + (sourceRow * shape.KeyStride) + column;
        Value = problem.Value + (sourceRow * shape.ValueStride) + column;
        Output = At(problem.Output, (targetRow * shape.OutputStride) + column);
        OutputGradient = At(problem.OutputGradient, (targetRow * shape.OutputStride) + column);
        QueryGradient = At(problem.QueryGradient, (targetRow * shape.QueryStride) + column);
        KeyGradient = At(problem.KeyGradient, (sourceRow * shape.KeyStride) + column);
        ValueGradient = At(problem.ValueGradient, (sourceRow * shape.ValueStride) + column);

        long row = ((((long)batch * shape.Heads) + head) * shape.TargetLength) + firstTarget;
        firstWeight = (row * shape.SourceLength) + firstSource;
        Maximum = problem.Maximum + row;
        Inverse = problem.Inverse + row;
        causal = problem.Causal;
        visibleToFirst = AllSources - Targets + 1;
        Sources = AllSources;
        allowed = null;
        if (problem.Allowed == null)
            return;
        allowed = problem.Allowed + ((long)batch * problem.AllowedBatchStride) + ((long)head * problem.AllowedHeadStride)
            + ((long)firstTarget * problem.AllowedTargetStride) + firstSource;
        allowedStride = problem.AllowedTargetStride;
        if (allowedStride > 0)
            return;

        // A padding mask, the same for all targets, usually allows the first so many: then there are only those.
        var mask = new ReadOnlySpan<bool>(allowed, AllSources);
        int first = mask.IndexOf(false);
        int prefix = first < 0 ? AllSources : first;
        if (mask[prefix..].Contains(true))
            return;
        Sources = prefix;
        allowed = null;
    }

    public T* Query { get; }

    public T* Key { get; }

    public T* Value { get; }

    public T* Output { get; }

    public T* OutputGradient { get; }

    public T* QueryGradient { get; }

    public T* KeyGradient { get; }

    public T* ValueGradient { get; }

    public T* Maximum { get; }

    public T* Inverse { get; }

    public int Targets { get; }

    /// <summary>Sources that any target may attend to: from the first on, without those that only a padding mask leaves out.</summary>
    public int Sources { get; }

    /// <summary>All sources of the sequence.</summary>
    public int AllSources { get; }

    /// <summary>What the targets from <paramref name="target"/> on see of the sources from <paramref name="source"/> on.</summary>
    public AttentionReach Reach(int target, int source, int width) =>
        new(causal ? target + visibleToFirst - source : width, width);

    /// <summary>How many sources, from the first on, a target sees where attention is causal; else all.</summary>
    public int Visible(int target) => Reach(target, 0, Sources).Count(0);

    /// <summary>The mask of one target's sources; null allows all that <see cref="Visible"/> says.</summary>
    public bool* AllowedRow(int target) => allowed == null ? null : allowed + ((long)target * allowedStride);

    /// <summary>The index of a pair among the weights [batch, head, target, source] of the whole problem.</summary>
    public long WeightIndex(int target, int source) => firstWeight + ((long)target * shape.SourceLength) + source;

    private static T* At(T* start, long offset) => start == null ? null : start + offset;
}

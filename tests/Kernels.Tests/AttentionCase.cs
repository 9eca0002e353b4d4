using System.Globalization;
using System.Numerics;
using Transformer.Kernels;

namespace Kernels.Tests;

/// <summary>Which mask an attention test uses; one that keeps some targets from everything is among them.</summary>
public enum MaskKind
{
    None,
    Causal,
    Padding,
    PaddingAndCausal,
    EachHead,
    Full,
    FullAndCausal,
    Nothing,
    Packed,
    PackedAndCausal,
}

/// <summary>
/// An attention with random numbers. Query, key and value are columns of one packed matrix, as a joint projection leaves them, where the lengths
/// allow it; all rows have gaps whose content must stay as it is.
/// </summary>
internal sealed unsafe class AttentionCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const double Untouched = 7.25;

    public AttentionCase(int batch, int heads, int target, int source, int size, MaskKind kind, double rate)
    {
        int row = heads * size;
        Shape = new(batch, heads, target, source, size, row + 1, (2 * row) + 3, (2 * row) + 3, row + 2);
        Kind = kind;
        Dropout = new(new RandomKey(11, 2, 3, 4), rate);
        var random = new Random(((((batch * 31) + heads) * 31) + target) * 31 + source);
        Query = Values(random, batch * target * Shape.QueryStride);
        KeyValue = Values(random, batch * source * Shape.KeyStride);
        OutputGradient = Values(random, batch * target * Shape.OutputStride);
        Weights = new T[Shape.WeightCount];
        Maximum = new T[Shape.RowCount];
        Inverse = new T[Shape.RowCount];
        Output = Filled(OutputGradient.Length);
        if (kind is MaskKind.Packed or MaskKind.PackedAndCausal)
        {
            // The second sequence has no targets, the third no sources.
            TargetStarts = [0, target / 2, target / 2, target - (target / 4), target];
            SourceStarts = [0, source / 3, source / 2, source / 2, source];
        }

        (BatchStride, HeadStride, TargetStride) = kind switch
        {
            MaskKind.Padding or MaskKind.PaddingAndCausal => (source, 0, 0),
            MaskKind.EachHead => (0, source, 0),
            MaskKind.Full or MaskKind.FullAndCausal => (heads * target * source, target * source, source),
            _ => (0, 0, 0),
        };
        Allowed = kind is MaskKind.None or MaskKind.Causal or MaskKind.Packed or MaskKind.PackedAndCausal ? [] : new bool[batch * heads * target * source];
        for (int i = 0; i < Allowed.Length; i++)
            Allowed[i] = kind != MaskKind.Nothing && random.Next(3) > 0;
        if (kind == MaskKind.Padding)
            Allowed.AsSpan(0, Math.Min(source, Allowed.Length)).Clear(); // the first sentence is all padding
    }

    public AttentionShape Shape { get; }

    public MaskKind Kind { get; }

    public AttentionDropout Dropout { get; }

    public T Scale { get; } = T.CreateChecked(0.7);

    public T[] Query { get; }

    /// <summary>Rows of key, value and a gap.</summary>
    public T[] KeyValue { get; }

    public T[] Weights { get; }

    public T[] Maximum { get; }

    public T[] Inverse { get; }

    public T[] Output { get; }

    public T[] OutputGradient { get; }

    public bool[] Allowed { get; }

    public int[] TargetStarts { get; } = [];

    public int[] SourceStarts { get; } = [];

    public bool Causal => Kind is MaskKind.Causal or MaskKind.PaddingAndCausal or MaskKind.FullAndCausal or MaskKind.PackedAndCausal;

    public int ValueOffset => Shape.Heads * Shape.HeadSize;

    public int BatchStride { get; }

    public int HeadStride { get; }

    public int TargetStride { get; }

    public delegate void Pass(in AttentionProblem<T> problem);

    public void Forward(Pass pass) => Run(pass, [], [], false, false, false);

    /// <summary>After a forward pass.</summary>
    public void ComputeWeights(Pass pass)
    {
        Array.Clear(Weights);
        Run(pass, [], [], false, false, false);
    }

    /// <summary>The gradients, with gaps, of query and of packed key and value; those not asked for stay untouched.</summary>
    public (T[] Query, T[] KeyValue) Backward(Pass pass, bool query = true, bool key = true, bool value = true)
    {
        T[] dQuery = Filled(Query.Length), dKeyValue = Filled(KeyValue.Length);
        Run(pass, dQuery, dKeyValue, query, key, value);
        return (dQuery, dKeyValue);
    }

    private void Run(Pass pass, T[] dQuery, T[] dKeyValue, bool needsQuery, bool needsKey, bool needsValue)
    {
        fixed (T* q = Query, kv = KeyValue, w = Weights, m = Maximum, i = Inverse, o = Output, dOutput = OutputGradient, dq = dQuery, dkv = dKeyValue)
        fixed (bool* allowed = Allowed)
        fixed (int* targetStarts = TargetStarts, sourceStarts = SourceStarts)
        {
            pass(new AttentionProblem<T>(Shape, Scale, Dropout)
            {
                Query = q,
                Key = kv,
                Value = kv + ValueOffset,
                Weights = w,
                Maximum = m,
                Inverse = i,
                Output = o,
                OutputGradient = dOutput,
                QueryGradient = needsQuery ? dq : null,
                KeyGradient = needsKey ? dkv : null,
                ValueGradient = needsValue && dkv != null ? dkv + ValueOffset : null,
                Allowed = allowed,
                AllowedBatchStride = BatchStride,
                AllowedHeadStride = HeadStride,
                AllowedTargetStride = TargetStride,
                Causal = Causal,
                TargetStarts = targetStarts,
                SourceStarts = sourceStarts,
                Packed = Math.Max(1, TargetStarts.Length - 1),
            });
        }
    }

    public bool MayAttend(int batch, int head, int target, int source)
    {
        if (TargetStarts.Length > 0)
        {
            for (int i = 0; i < TargetStarts.Length - 1; i++)
            {
                bool isTargets = target >= TargetStarts[i] && target < TargetStarts[i + 1];
                bool isSources = source >= SourceStarts[i] && source < SourceStarts[i + 1];
                if (isTargets && isSources)
                    return !Causal || SourceStarts[i + 1] - source >= TargetStarts[i + 1] - target;
            }

            return false;
        }

        if (Causal && source > target + Shape.SourceLength - Shape.TargetLength)
            return false;
        return Allowed.Length == 0 || Allowed[(batch * BatchStride) + (head * HeadStride) + (target * TargetStride) + source];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name} {Shape} {Kind} dropout {Dropout.Rate}");

    private static T[] Values(Random random, int count)
    {
        var values = new T[count];
        for (int i = 0; i < count; i++)
            values[i] = T.CreateChecked((2 * random.NextDouble()) - 1);
        return values;
    }

    private static T[] Filled(int count)
    {
        var values = new T[count];
        Array.Fill(values, T.CreateChecked(Untouched));
        return values;
    }
}

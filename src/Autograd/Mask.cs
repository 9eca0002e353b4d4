using System.Diagnostics;

namespace Transformer.Autograd;

/// <summary>
/// Which elements count: true = may attend, keep. (PyTorch's boolean masks mean the opposite: true = leave out.)
/// Immutable; broadcasts like a tensor.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Mask
{
    private bool[]? values;

    /// <summary>A mask of the given values, row-major, copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public Mask(ReadOnlySpan<bool> values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.ElementCount != values.Length)
            throw new ArgumentException($"Mask: {shape} has {shape.ElementCount} elements, but {values.Length} values were given.");
        this.values = values.ToArray();
        Shape = shape;
    }

    private Mask(Shape shape, bool[]? values)
    {
        Shape = shape;
        this.values = values;
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The values, row-major. Those of <see cref="Within"/> are written out when they are first asked for.</summary>
    public ReadOnlySpan<bool> Values => values ??= WrittenOut();

    /// <summary>The sequences of targets and sources where the mask is that of <see cref="Within"/>; else null.</summary>
    public (Sequences Targets, Sequences Sources)? Blocks { get; private init; }

    /// <summary>[length, length]: position t sees positions 0 … t (Vaswani et al. 2017, section 3.2.3).</summary>
    public static Mask Causal(int length) => Causal(length, length);

    /// <summary>
    /// [targetLength, sourceLength], aligned at the end: target t sees sources 0 … t + (sourceLength − targetLength), so that
    /// the last target sees all.
    /// </summary>
    public static Mask Causal(int targetLength, int sourceLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(targetLength);
        ArgumentOutOfRangeException.ThrowIfNegative(sourceLength);
        bool[] values = new bool[targetLength * sourceLength];
        for (int target = 0; target < targetLength; target++)
        {
            int visible = Math.Clamp(target + 1 + sourceLength - targetLength, 0, sourceLength);
            values.AsSpan(target * sourceLength, visible).Fill(true);
        }

        return new Mask([targetLength, sourceLength], values);
    }

    /// <summary>
    /// [batch, 1, 1, length]: true where a token is not padding. The two middle axes broadcast over heads and targets.
    /// </summary>
    public static Mask Padding(Indices tokens, int padding)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        bool[] values = new bool[tokens.Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = tokens.Values[i] != padding;
        return new Mask([tokens.Shape[0], 1, 1, tokens.Shape[1]], values);
    }

    /// <summary>
    /// [1, 1, targets.Total, sources.Total]: a position of target sequence i sees those of source sequence i, so that packed
    /// sequences do not see each other. It takes no memory for each pair: an operation that knows <see cref="Blocks"/> computes
    /// the blocks on the diagonal alone.
    /// </summary>
    /// <exception cref="ArgumentException">There are more sequences of one kind than of the other.</exception>
    public static Mask Within(Sequences targets, Sequences sources)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(sources);
        return targets.Count == sources.Count
            ? new Mask([1, 1, targets.Total, sources.Total], null) { Blocks = (targets, sources) }
            : throw new ArgumentException($"Mask.Within: {targets.Count} target sequences and {sources.Count} source sequences do not go together.");
    }

    /// <summary>
    /// The same, and of its sequence a position sees only what does not lie ahead, aligned at each sequence's end as in
    /// <see cref="Causal(int, int)"/>; written out.
    /// </summary>
    internal static Mask CausalWithin(Sequences targets, Sequences sources)
    {
        Mask within = Within(targets, sources);
        return new Mask(within.Shape, within.WrittenOut(causal: true));
    }

    /// <summary>True where both are, broadcast to a common shape.</summary>
    public Mask And(Mask other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Shape common = Broadcasting.Common("Mask.And", Shape, other.Shape);
        ReadOnlySpan<bool> a = BroadcastTo(common).Values;
        ReadOnlySpan<bool> b = other.BroadcastTo(common).Values;
        bool[] both = new bool[a.Length];
        for (int i = 0; i < both.Length; i++)
            both[i] = a[i] && b[i];
        return new Mask(common, both);
    }

    /// <summary>The mask written out in a larger shape.</summary>
    /// <exception cref="ArgumentException">This mask does not broadcast to the shape.</exception>
    public Mask BroadcastTo(Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (Shape.Equals(shape))
            return this;
        if (!Broadcasting.Common("Mask", Shape, shape).Equals(shape))
            throw new ArgumentException($"Mask: {Shape} does not broadcast to {shape}.");
        int[] strides = Broadcasting.Strides(Shape, shape);
        ReadOnlySpan<bool> from = Values;
        bool[] full = new bool[shape.ElementCount];
        Span<int> index = stackalloc int[shape.Rank];
        index.Clear();
        for (int i = 0, at = 0; i < full.Length; i++)
        {
            full[i] = from[at];
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                at -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return new Mask(shape, full);
    }

    /// <summary>Shape and number of true elements.</summary>
    public override string ToString() => Blocks is { } blocks
        ? $"Mask {Shape}, within {blocks.Targets.Count} sequences"
        : $"Mask {Shape}, {Values.Count(true)} of {Values.Length} true";

    private bool[] WrittenOut(bool causal = false)
    {
        (Sequences targets, Sequences sources) = Blocks!.Value;
        bool[] full = new bool[Shape.ElementCount];
        for (int sequence = 0; sequence < targets.Count; sequence++)
        {
            int length = sources.Length(sequence);
            int visible = causal ? length - targets.Length(sequence) + 1 : length;
            for (int target = targets.Starts[sequence]; target < targets.Starts[sequence + 1]; target++)
            {
                full.AsSpan((target * sources.Total) + sources.Starts[sequence], Math.Clamp(visible, 0, length)).Fill(true);
                visible += causal ? 1 : 0;
            }
        }

        return full;
    }
}

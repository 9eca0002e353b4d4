using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>
/// A mask over weights [batch, head, targetLength, sourceLength], whose shape is never made: those of a packed or a long batch
/// may be more than a tensor can hold.
/// </summary>
internal static class AttentionMasks
{
    /// <summary>Whether a mask broadcasts to weights of these sizes.</summary>
    public static bool Fits(Mask mask, ReadOnlySpan<int> sizes)
    {
        if (mask.Shape.Rank > sizes.Length)
            return false;
        ReadOnlySpan<int> last = sizes[^mask.Shape.Rank..];
        for (int axis = 0; axis < last.Length; axis++)
        {
            if (mask.Shape[axis] != 1 && mask.Shape[axis] != last[axis])
                return false;
        }

        return true;
    }

    /// <summary>Mask and causality as the kernel takes them.</summary>
    public static AttentionMask ForKernel(AttentionAttributes attributes, ReadOnlySpan<int> sizes)
    {
        if (attributes.Mask is not { } mask)
            return new AttentionMask([], causal: attributes.Causal);
        if (BlocksOf(attributes, sizes) is var (targets, sources))
            return new AttentionMask([], causal: attributes.Causal) { TargetStarts = targets.Starts, SourceStarts = sources.Starts };

        // The kernel reads a row of sources at a time: only the axes before it may stay broadcast.
        Shape shape = mask.Shape;
        if (shape.Rank == 0 || shape[-1] != sizes[3])
        {
            shape = shape.Rank == 0 ? [sizes[3]] : shape.With(-1, sizes[3]);
            mask = mask.BroadcastTo(shape);
        }

        Span<int> strides = stackalloc int[4];
        strides.Clear();
        int stride = 1;
        for (int axis = 1; axis <= shape.Rank; axis++)
        {
            strides[^axis] = shape[-axis] == 1 ? 0 : stride;
            stride *= shape[-axis];
        }

        return new AttentionMask(mask.Values, strides[0], strides[1], strides[2], attributes.Causal);
    }

    /// <summary>The packed sequences of targets and sources, where the mask is that of <see cref="Mask.Within"/> over the weights' own axes; else null.</summary>
    public static (Sequences Targets, Sequences Sources)? BlocksOf(AttentionAttributes attributes, ReadOnlySpan<int> sizes) =>
        attributes.Mask?.Blocks is var (targets, sources) && targets.Total == sizes[2] && sources.Total == sizes[3] ? (targets, sources) : null;

    /// <summary>Whether a target may attend to a source.</summary>
    public static bool MayAttend(AttentionAttributes attributes, ReadOnlySpan<int> sizes, ReadOnlySpan<int> weight)
    {
        (int target, int source) = (weight[2], weight[3]);
        if (BlocksOf(attributes, sizes) is var (targets, sources))
        {
            int sequence = targets.SequenceAt(target);
            int before = source - sources.Starts[sequence];
            return before >= 0 && source < sources.Starts[sequence + 1]
                && (!attributes.Causal || before <= target - targets.Starts[sequence] + sources.Length(sequence) - targets.Length(sequence));
        }

        if (attributes.Causal && source > target + sizes[3] - sizes[2])
            return false;
        if (attributes.Mask is not { } mask)
            return true;
        int place = 0;
        for (int axis = 0; axis < mask.Shape.Rank; axis++)
            place = (place * mask.Shape[axis]) + (mask.Shape[axis] == 1 ? 0 : weight[axis + 4 - mask.Shape.Rank]);
        return mask.Values[place];
    }
}

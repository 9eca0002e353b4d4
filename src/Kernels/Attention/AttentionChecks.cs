using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The errors of <see cref="Attention"/>: before anything is computed, and with the sizes that do not fit.</summary>
internal static class AttentionChecks
{
    public static void Common<T>(in AttentionInputs<T> inputs, int maximum, int inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = inputs.Shape;
        ArgumentOutOfRangeException.ThrowIfNegative(shape.Batch);
        ArgumentOutOfRangeException.ThrowIfNegative(shape.Heads);
        ArgumentOutOfRangeException.ThrowIfNegative(shape.TargetLength);
        ArgumentOutOfRangeException.ThrowIfNegative(shape.SourceLength);
        ArgumentOutOfRangeException.ThrowIfNegative(shape.HeadSize);
        if (!(inputs.Scale > T.Zero && T.IsFinite(inputs.Scale)))
            throw new ArgumentOutOfRangeException(nameof(inputs), Check.Text($"Attention: the scale is positive, not {inputs.Scale}."));
        double rate = inputs.Dropout.Rate;
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentOutOfRangeException(nameof(inputs), Check.Text($"A dropout rate is at least 0 and below 1, not {rate}."));
        if (rate > 0)
            Philox.CheckRange(0, shape.WeightCount);
        Rows("query", inputs.Query.Length, shape, shape.TargetLength, shape.QueryStride);
        Rows("key", inputs.Key.Length, shape, shape.SourceLength, shape.KeyStride);
        Rows("value", inputs.Value.Length, shape, shape.SourceLength, shape.ValueStride);
        Mask(shape, inputs.Mask);
        Check.Length(nameof(maximum), maximum, shape.RowCount);
        Check.Length(nameof(inverse), inverse, shape.RowCount);
    }

    public static void Rows(string name, int length, AttentionShape shape, int rowsOfEach, int stride)
    {
        long rows = (long)shape.Batch * rowsOfEach;
        long row = (long)shape.Heads * shape.HeadSize;
        if (rows > 1 && stride < row)
            throw new ArgumentException(Check.Text($"Attention: rows of {name} are {row} elements long but only {stride} apart."));
        if (rows > 0 && row > 0 && ((rows - 1) * stride) + row > length)
            throw new ArgumentException(Check.Text($"Attention: {name} has {length} elements, and {shape} reaches to {((rows - 1) * stride) + row}."));
    }

    private static void Mask(AttentionShape shape, AttentionMask mask)
    {
        Starts(nameof(mask.TargetStarts), mask.TargetStarts, shape.TargetLength);
        Starts(nameof(mask.SourceStarts), mask.SourceStarts, shape.SourceLength);
        if (mask.TargetStarts.Length != mask.SourceStarts.Length)
            throw new ArgumentException(Check.Text($"Attention: {mask.TargetStarts.Length} starts of targets and {mask.SourceStarts.Length} of sources do not go together."));
        if (mask.Values.IsEmpty || shape.Batch == 0 || shape.Heads == 0)
            return;
        if (mask.BatchStride < 0 || mask.HeadStride < 0 || mask.TargetStride < 0)
            throw new ArgumentException("Attention: the mask's strides cannot be negative.");
        long end = ((shape.Batch - 1L) * mask.BatchStride) + ((shape.Heads - 1L) * mask.HeadStride)
            + (Math.Max(shape.TargetLength - 1L, 0) * mask.TargetStride) + shape.SourceLength; // a sequence's first row is looked at, targets or not
        if (end > mask.Values.Length)
            throw new ArgumentException(Check.Text($"Attention: the mask has {mask.Values.Length} elements, and its strides over {shape} reach to {end}."));
    }

    private static void Starts(string name, ReadOnlySpan<int> starts, int length)
    {
        for (int i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1])
                throw new ArgumentException(Check.Text($"Attention: {name} go backwards from {starts[i - 1]} to {starts[i]}."));
        }

        if (!starts.IsEmpty && (starts[0] != 0 || starts[^1] != length))
            throw new ArgumentException(Check.Text($"Attention: {name} go from {starts[0]} to {starts[^1]}, not from 0 to the length {length}."));
    }
}

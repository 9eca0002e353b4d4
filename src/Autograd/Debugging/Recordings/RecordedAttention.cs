namespace Transformer.Autograd.Debugging;

/// <summary>
/// The weights and the dropout mask of a recorded fused attention. A recording holds them where they are not too many; of others, such as those
/// of a packed or a long batch, a row is computed when it is asked for, in double precision.
/// </summary>
/// <param name="operation">The attention.</param>
/// <param name="scoresOf">The scores of (batch, head, target) over the sources, −∞ where masked.</param>
internal sealed class RecordedAttention(RecordedOperation operation, Func<int, int, int, double[]> scoresOf)
{
    private readonly AttentionAttributes attributes = (AttentionAttributes)operation.Attributes!;
    private readonly RecordedValues? weights = Complete(operation, "weights");
    private readonly RecordedValues? mask = Complete(operation, "mask");
    private readonly int targets = operation.Output.Shape[1];
    private readonly int sources = operation.Inputs[^1].Shape[1];
    private readonly Dictionary<(int Batch, int Head, int Target), double[]> rows = [];

    /// <summary>Softmax's result before dropout.</summary>
    public double Weight(int batch, int head, int target, int source) =>
        weights?.ValueAt((int)PlaceOf(batch, head, target, source)) ?? Row(batch, head, target)[source];

    /// <summary>What dropout multiplies the weight with; 1 without dropout.</summary>
    public double Kept(int batch, int head, int target, int source)
    {
        if (attributes.DropoutRate == 0)
            return 1;
        long place = PlaceOf(batch, head, target, source);
        return mask?.ValueAt((int)place)
            ?? (operation.Output.DType == DType.Float32 ? Drawn((float)attributes.DropoutRate, place) : Drawn(attributes.DropoutRate, place));
    }

    /// <summary>The softmax of scores; 0 everywhere where all are −∞.</summary>
    public static double[] Softmax(double[] scores)
    {
        double max = scores.Append(double.NegativeInfinity).Max();
        double[] weights = [.. scores.Select(score => double.IsNegativeInfinity(score) ? 0 : Math.Exp(score - max))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => sum == 0 ? 0 : weight / sum)];
    }

    private static RecordedValues? Complete(RecordedOperation operation, string name) =>
        operation.Saved.TryGetValue(name, out RecordedValues? values) && values.IsComplete ? values : null;

    private double Drawn<T>(T rate, long element)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Span<bool> keep = stackalloc bool[1];
        Kernels.Dropout.Mask(attributes.DropoutKey, rate, element, keep);
        return keep[0] ? double.CreateChecked(Kernels.Dropout.Scale(rate)) : 0;
    }

    private double[] Row(int batch, int head, int target)
    {
        if (!rows.TryGetValue((batch, head, target), out double[]? row))
            rows[(batch, head, target)] = row = Softmax(scoresOf(batch, head, target));
        return row;
    }

    private long PlaceOf(int batch, int head, int target, int source) =>
        (((((long)batch * attributes.HeadCount) + head) * targets) + target) * sources + source;
}

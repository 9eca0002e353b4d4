namespace Transformer.Autograd;

/// <summary>What the composed forms of softmax and its logarithm subtract from a row, so that exp cannot overflow.</summary>
internal static class RowShift
{
    /// <summary>Each row's maximum, [.., 1], outside the graph, for the shift cancels; 0 for a row of nothing but −∞.</summary>
    public static Tensor Of(Tensor x) =>
        Replace(x.Detach().Max([-1], keepAxes: true), double.NegativeInfinity, by: 0);

    /// <summary>The tensor with another number in place of one that some of its elements have; the tensor itself where none has.</summary>
    public static Tensor Replace(Tensor x, double value, double by)
    {
        bool[] others = [.. x.ToDoubles().Select(element => element != value)];
        return others.Contains(false) ? x.MaskedFill(new Mask(others, x.Shape), by) : x;
    }
}

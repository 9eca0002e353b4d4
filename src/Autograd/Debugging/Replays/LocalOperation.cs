namespace Transformer.Autograd.Debugging;

/// <summary>One recorded operation by itself in double precision, as a function of one element of one input.</summary>
internal sealed class LocalOperation
{
    // Sixteen times half the spacing of single-precision numbers at 1, 2⁻²⁴.
    private const double SingleRounding = 9.5e-7;

    private readonly RecordedOperation operation;
    private readonly RecordedTensor input;
    private readonly Dictionary<RecordedTensor, Tensor> values = [];
    private readonly object? attributes;

    public LocalOperation(RecordedOperation operation, RecordedTensor input)
    {
        this.operation = operation;
        this.input = input;
        attributes = ForwardReplay.AttributesOf(operation);
        foreach (RecordedTensor tensor in operation.Inputs)
        {
            if (!tensor.Values.IsComplete)
                throw new ValuesLeftOutException(tensor.Shape, tensor.Label);
            values[tensor] = tensor.Values.ToTensor(DType.Float64);
        }
    }

    /// <summary>Compares a contribution with the slope at that element.</summary>
    /// <param name="weights">∂L/∂y.</param>
    /// <param name="position">Which element.</param>
    /// <param name="added">The contribution.</param>
    /// <param name="largest">The largest contribution to that input.</param>
    public LocalErrorReport Error(double[] weights, int position, double added, double largest)
    {
        double x = values[input].ValueAt(position);
        // A masked score of −∞ cannot be perturbed.
        if (!double.IsFinite(x))
            return new LocalErrorReport(operation, input, position, added, double.NaN, double.IsNaN(added) ? double.NaN : 0);
        SlopeCurve curve = SlopeCurve.Of(value => Outputs(position, value), weights, x, SlopeCurve.FewSteps);
        // A kink nearby spoils the large steps.
        if (!(ErrorOf(curve) <= (operation.Output.DType == DType.Float32 ? 1e-5 : 1e-7)))
            curve = SlopeCurve.Of(value => Outputs(position, value), weights, x, SlopeCurve.AllSteps);
        bool isAtKink = curve.HasKink(0.01 * largest) && curve.IsBetweenSlopes(added);
        return new LocalErrorReport(operation, input, position, added, curve.Difference, isAtKink ? 0 : ErrorOf(curve));

        double ErrorOf(SlopeCurve slope)
        {
            // Terms that cancel, as in the gradient of a key's bias, which a softmax does not see, leave their rounding alone.
            double difference = Math.Abs(added - slope.Difference);
            double rounding = slope.Rounding + (operation.Output.DType == DType.Float32 ? SingleRounding * slope.TermSize : 0);
            return difference <= rounding
                ? 0
                : difference / Math.Max(Math.Max(Math.Abs(added), Math.Abs(slope.Difference)), 0.01 * largest);
        }
    }

    private double[] Outputs(int position, double value)
    {
        using Step step = new();
        Tensor perturbed = values[input];
        double before = perturbed.ValueAt(position);
        perturbed.EditableValues<double>()[position] = value;
        try
        {
            return ForwardReplay.Make(operation, [.. operation.Inputs.Select(tensor => values[tensor])], attributes).Apply().ToDoubles();
        }
        finally
        {
            perturbed.EditableValues<double>()[position] = before;
        }
    }
}

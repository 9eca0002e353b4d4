namespace Transformer.Autograd.Debugging;

/// <summary>An operation that moves numbers without changing them: each element of y is one of x.</summary>
internal abstract class LayoutFormula : OperationFormula
{
    public override Derivation OfOutput(OperationNumbers numbers, Place at) => numbers.Input(0, "x")[InInput(numbers, at)];

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) => numbers.Dy[InOutput(numbers, at)];

    /// <summary>Where an element of y comes from.</summary>
    protected abstract Place InInput(OperationNumbers numbers, Place at);

    /// <summary>Where an element of x goes to.</summary>
    protected abstract Place InOutput(OperationNumbers numbers, Place at);
}

/// <summary>The same elements in another shape.</summary>
internal sealed class ReshapeFormula : LayoutFormula
{
    public override string Forward => "yᵢ = xᵢ";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xᵢ += ∂L/∂yᵢ";

    protected override Place InInput(OperationNumbers numbers, Place at) => Place.At(numbers.ShapeOf(0), at.Offset(numbers.OutputShape));

    protected override Place InOutput(OperationNumbers numbers, Place at) => Place.At(numbers.OutputShape, at.Offset(numbers.ShapeOf(0)));
}

/// <summary>Axes in another order.</summary>
internal sealed class PermuteFormula : LayoutFormula
{
    public override string Forward => "y[i_axes[0], i_axes[1], …] = x[i₀, i₁, …]";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂x[i₀, i₁, …] += ∂L/∂y[i_axes[0], i_axes[1], …]";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 1, Attributes: PermuteAttributes };

    protected override Place InInput(OperationNumbers numbers, Place at)
    {
        PermuteAttributes attributes = numbers.Attributes<PermuteAttributes>();
        Coordinate[] index = new Coordinate[at.Rank];
        for (int axis = 0; axis < index.Length; axis++)
            index[attributes.Axes[axis]] = at[axis];
        return new(index);
    }

    protected override Place InOutput(OperationNumbers numbers, Place at) =>
        new([.. numbers.Attributes<PermuteAttributes>().Axes.Select(axis => at[axis])]);
}

/// <summary>A run of indices along one axis.</summary>
internal sealed class SliceFormula : LayoutFormula
{
    public override string Forward => "y[o, j, i] = x[o, start + j, i]";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂x[o, start + j, i] += ∂L/∂y[o, j, i]; 0 elsewhere";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 1, Attributes: SliceAttributes };

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        SliceAttributes slice = numbers.Attributes<SliceAttributes>();
        int index = at[slice.Axis].Value;
        if (index >= slice.Start && index < slice.Start + slice.Length)
            return base.OfInput(numbers, input, at);
        return new(0, FormattableString.Invariant(
            $"index {index} of axis {slice.Axis} lies outside the slice, {slice.Length} from {slice.Start}: it was not used"));
    }

    protected override Place InInput(OperationNumbers numbers, Place at) => Shifted(numbers, at, 1);

    protected override Place InOutput(OperationNumbers numbers, Place at) => Shifted(numbers, at, -1);

    private static Place Shifted(OperationNumbers numbers, Place at, int direction)
    {
        SliceAttributes slice = numbers.Attributes<SliceAttributes>();
        Coordinate[] index = at.Coordinates.ToArray();
        index[slice.Axis] = index[slice.Axis].Value + (direction * slice.Start);
        return new(index);
    }
}

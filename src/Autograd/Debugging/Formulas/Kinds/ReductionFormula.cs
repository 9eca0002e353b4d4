namespace Transformer.Autograd.Debugging;

/// <summary>A function that reduces neighbouring axes: which elements of x belong to which element of y.</summary>
internal abstract class ReductionFormula : OperationFormula
{
    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 1, Attributes: ReductionAttributes };

    /// <summary>The axes that are reduced.</summary>
    protected virtual ReductionAttributes Axes(OperationNumbers numbers) => numbers.Attributes<ReductionAttributes>();

    /// <summary>How many elements make one of y.</summary>
    protected int Count(OperationNumbers numbers) =>
        numbers.ShapeOf(0).CountBetween(Axes(numbers).FirstAxis, Axes(numbers).EndAxis);

    /// <summary>n, the number of elements that make one of y.</summary>
    protected Expression N(OperationNumbers numbers) => Expression.Named("n", Count(numbers));

    /// <summary>Letters for the reduced axes.</summary>
    protected (string Letter, int Count)[] Letters(OperationNumbers numbers) =>
        Debugging.Letters.OfAxes(numbers.ShapeOf(0), Axes(numbers).FirstAxis, Axes(numbers).EndAxis);

    /// <summary>The sum over all elements that make one of y.</summary>
    protected Expression Sum(OperationNumbers numbers, Place of, Func<Expression, Expression> term)
    {
        Symbol x = numbers.Input(0, "x");
        return Debugging.Sum.Over(Letters(numbers), running => term(x[Within(numbers, of, running)]));
    }

    /// <summary>An element of x from its element of y and coordinates along the reduced axes.</summary>
    protected Place Within(OperationNumbers numbers, Place of, Coordinate[] running)
    {
        ReductionAttributes axes = Axes(numbers);
        int rest = axes.KeepAxes ? axes.EndAxis : axes.FirstAxis;
        return new([.. of.Coordinates[..axes.FirstAxis], .. running, .. of.Coordinates[rest..]]);
    }

    /// <summary>The element of y that an element of x belongs to.</summary>
    protected Place Reduced(OperationNumbers numbers, Place at)
    {
        ReductionAttributes axes = Axes(numbers);
        Coordinate[] kept = axes.KeepAxes ? new Coordinate[axes.EndAxis - axes.FirstAxis] : [];
        return new([.. at.Coordinates[..axes.FirstAxis], .. kept, .. at.Coordinates[axes.EndAxis..]]);
    }
}

/// <summary>y = Σ x.</summary>
internal sealed class SumFormula : ReductionFormula
{
    public override string Forward => "y = Σⱼ xⱼ";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xⱼ += ∂L/∂y";

    public override Derivation OfOutput(OperationNumbers numbers, Place at) => Sum(numbers, at, x => x);

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) => numbers.Dy[Reduced(numbers, at)];
}

/// <summary>y = Σ x / n.</summary>
internal sealed class MeanFormula : ReductionFormula
{
    public override string Forward => "y = Σⱼ xⱼ / n";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xⱼ += ∂L/∂y / n";

    public override Derivation OfOutput(OperationNumbers numbers, Place at) => Sum(numbers, at, x => x) / N(numbers);

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at) => numbers.Dy[Reduced(numbers, at)] / N(numbers);
}

/// <summary>y = Σ (x − μ)² / (n − c).</summary>
internal sealed class VarianceFormula : ReductionFormula
{
    public override string Forward => "y = Σⱼ (xⱼ − μ)² / (n − c)";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xⱼ += ∂L/∂y 2 (xⱼ − μ) / (n − c)";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 1, Attributes: VarianceAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        (Expression mean, Expression definition) = Mean(numbers, at);
        return new(Sum(numbers, at, x => Expression.Power(x - mean, 2)) / Divisor(numbers)) { Where = [("μ", definition)] };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        Place reduced = Reduced(numbers, at);
        (Expression mean, Expression definition) = Mean(numbers, reduced);
        return new(numbers.Dy[reduced] * 2 * (numbers.Input(0, "x")[at] - mean) / Divisor(numbers)) { Where = [("μ", definition)] };
    }

    protected override ReductionAttributes Axes(OperationNumbers numbers) => numbers.Attributes<VarianceAttributes>().Reduction;

    private (Expression Mean, Expression Definition) Mean(OperationNumbers numbers, Place at)
    {
        Expression mean = Sum(numbers, at, x => x) / N(numbers);
        return (Expression.Named("μ", mean.Value), mean);
    }

    // n, or n − c where there is a correction.
    private Expression Divisor(OperationNumbers numbers)
    {
        VarianceAttributes attributes = numbers.Attributes<VarianceAttributes>();
        if (attributes.Divisor(Count(numbers)) == 0)
            return Expression.Named("max(n − c, 0)", 0);
        return attributes.Correction == 0 ? N(numbers) : N(numbers) - attributes.Correction;
    }
}

using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>Why an activation behind an affine map passes nothing on: its ReLU is dead, its GELU far out, or dropout drew 0.</summary>
internal static class ActivatedCauses
{
    /// <summary>The reason for a contribution of exactly 0, where no place that it leads to passes anything on.</summary>
    public static Cause? Find(RecordedOperation operation, IReadOnlyList<Term> terms)
    {
        if (terms.Count == 0 || terms.Any(term => ActivatedTerms.Slope(operation, term.Position) != 0))
            return null;
        Term dead = terms.FirstOrDefault(term => ResidualTerms.Kept(operation, term.Position) != 0, terms[0]);
        return Of(operation, dead.Position);
    }

    /// <summary>Why an element of the output is 0, whatever it was computed from; null where it is not.</summary>
    public static Cause? Of(RecordedOperation operation, int place)
    {
        RecordedTensor y = operation.Output;
        if (ResidualTerms.Kept(operation, place) == 0)
            return ZeroCauses.Dropped(operation, WhyText.Element(y, place));
        bool isRelu = ((ActivatedLinearAttributes)operation.Attributes!).Function == ActivationFunction.Relu;
        if (!isRelu || y.Values.ValueAt(place) != 0)
            return null;
        (int dead, int all) = ZeroCauses.CountColumn(y.Shape, place, other => ActivatedTerms.Sum(operation, other) <= 0);
        return new Cause(
            "dead ReLU",
            $"the sum {WhyText.Number(ActivatedTerms.Sum(operation, place))} before the ReLU of {WhyText.Element(y, place)} is not above 0, "
            + $"where the derivative is 0{ZeroCauses.UnitText(dead, all)}",
            operation);
    }

    /// <summary>A GELU so far out that next to nothing passes; null where it is not.</summary>
    public static Cause? Saturated(RecordedOperation operation, int place)
    {
        bool isRelu = ((ActivatedLinearAttributes)operation.Attributes!).Function == ActivationFunction.Relu;
        double z = isRelu ? 0 : ActivatedTerms.Sum(operation, place);
        return !(z < Saturation.GeluLimit) ? null : new Cause(
            "saturated GELU",
            $"the sum {WhyText.Number(z)} before the GELU of {WhyText.Element(operation.Output, place)} is below {WhyText.Number(Saturation.GeluLimit)}, "
            + $"where output and derivative are near 0 (y = {WhyText.Number(operation.Output.Values.ValueAt(place))})",
            operation);
    }
}

using System.Globalization;
using System.Text;

namespace Transformer.Autograd.Debugging;

/// <summary>What a finite difference says of one element's gradient.</summary>
public sealed record FiniteDifferenceReport
{
    /// <summary>The relative error up to which gradient and difference agree.</summary>
    public const double Tolerance = 1e-6;

    // Single precision keeps about seven digits, of which a deep network loses some.
    private const double SingleTolerance = 1e-3;

    /// <summary>Whose gradient.</summary>
    public required RecordedTensor Tensor { get; init; }

    /// <summary>Row-major position.</summary>
    public required int Position { get; init; }

    /// <summary>The gradient that the recorded passes added up, without what came before the recording; NaN where none arrived.</summary>
    public required double Recorded { get; init; }

    /// <summary>The gradient of a replay in double precision; NaN where none arrived.</summary>
    public required double Replayed { get; init; }

    /// <summary>The central difference of the loss in double precision, taken to step size 0 where the curve is flattest.</summary>
    public required double Difference { get; init; }

    /// <summary>Step size and central difference, largest step first.</summary>
    public required IReadOnlyList<(double Step, double Difference)> Curve { get; init; }

    /// <summary>Slope to the left of the point.</summary>
    public required double LeftSlope { get; init; }

    /// <summary>Slope to the right of the point.</summary>
    public required double RightSlope { get; init; }

    /// <summary>True where the one-sided slopes differ: the loss has a kink here, and no derivative.</summary>
    public required bool HasKink { get; init; }

    /// <summary>Operations for which the double-precision replay takes another branch (a ReLU's sign) than the recording did.</summary>
    public required IReadOnlyList<string> BranchChanges { get; init; }

    /// <summary>
    /// |replayed − difference| / max(|replayed|, |difference|, 0.01 · the tensor's largest gradient), where no gradient counts
    /// as 0; 0 where the two are equal.
    /// </summary>
    public required double RelativeError { get; init; }

    /// <summary>
    /// True where the relative error is within <see cref="Tolerance"/>, the two differ by no more than the rounding of the loss
    /// makes of a slope of 0, or the point has a kink and the gradient lies between the slopes on both sides of it.
    /// </summary>
    public required bool Agrees { get; init; }

    /// <summary>
    /// |recorded − replayed| in the same proportion: what single precision lost, or what another branch changed; 0 where no
    /// gradient arrived.
    /// </summary>
    public required double RecordedError { get; init; }

    /// <summary>False where no gradient arrived at all; one that arrived may still be NaN.</summary>
    public bool HasGradient { get; init; } = true;

    /// <summary>True where the recorded gradient is further from the replayed one than its precision explains.</summary>
    public bool IsRecordedOff => !(RecordedError <= (Tensor.DType == DType.Float64 ? Tolerance : SingleTolerance));

    /// <summary>Several lines for the terminal: the verdict, the three gradients, the curve, warnings.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        string dtype = Tensor.DType == DType.Float64 ? "Float64" : "Float32";
        text.Append(Tensor.Label).Append(".grad").Append(Tensor.Shape.Rank == 0 ? string.Empty : ElementText.Index(Tensor.Shape, Position))
            .Append(' ').AppendLine(Verdict())
            .Append("  recorded (").Append(dtype).Append(")   ").AppendLine(GradientText(Recorded))
            .Append("  replayed (Float64)   ").AppendLine(GradientText(Replayed))
            .Append("  central difference   ").AppendLine(ElementText.Long(Difference));
        if (Curve.Any(point => double.IsFinite(point.Difference)))
            AppendCurve(text);
        if (HasKink)
        {
            text.Append("  warning: the loss has a kink here: slope ").Append(ElementText.Long(LeftSlope)).Append(" to the left, ")
                .Append(ElementText.Long(RightSlope)).AppendLine(" to the right");
        }

        if (IsRecordedOff && !double.IsNaN(RecordedError))
        {
            text.Append("  warning: the recorded gradient is not that of the Float64 replay, relative difference ")
                .AppendLine(ElementText.Brief(RecordedError));
        }

        if (!Agrees && !HasGradient)
            text.AppendLine("  warning: the loss depends on it, but no gradient arrives: detached, under NoGradient, or RequiresGradient not set");
        foreach (string change in BranchChanges)
            text.Append("  warning: another branch in Float64: ").AppendLine(change);
        return text.ToString().TrimEnd();
    }

    private string Verdict()
    {
        if (Tensor.Values.IsComplete && Tensor.Values.ValueAt(Position) is var value && !double.IsFinite(value))
            return $"CANNOT BE CHECKED: the element is {value.ToString(CultureInfo.InvariantCulture)}, which has no other number beside it";
        if (!double.IsFinite(Difference))
            return "CANNOT BE CHECKED: the loss is not finite at this element or beside it";
        if (HasKink && Agrees && !(RelativeError <= Tolerance))
            return "is at a KINK of the loss, where there is no derivative to compare with, and lies between the slopes";
        string error = $"relative error {ElementText.Brief(RelativeError)}";
        if (!Agrees)
            return $"DISAGREES with the finite difference, {error}";
        return IsRecordedOff
            ? $"agrees with the finite difference, {error}, as REPLAYED; as recorded it does not"
            : $"agrees with the finite difference, {error}";
    }

    // Every second step: they are half a decade apart.
    private void AppendCurve(StringBuilder text)
    {
        text.AppendLine("  step       central difference");
        foreach ((_, (double step, double difference)) in Curve.Index().Where(entry => entry.Index % 2 == 0))
        {
            // A column for the sign, so that the digits stand below one another.
            string sign = difference < 0 ? string.Empty : " ";
            text.Append("  ").Append(ElementText.Brief(step).PadRight(10)).Append(sign).AppendLine(ElementText.Long(difference));
        }
    }

    private string GradientText(double gradient) => HasGradient ? ElementText.Long(gradient) : "none";
}

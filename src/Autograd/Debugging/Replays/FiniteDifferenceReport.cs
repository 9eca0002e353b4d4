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

    /// <summary>Several lines for the terminal: the three gradients, the curve, warnings.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        string dtype = Tensor.DType == DType.Float64 ? "Float64" : "Float32";
        text.Append(ElementText.Address(Tensor, Position)).Append(Verdict)
            .Append(", relative error ").AppendLine(ElementText.Brief(RelativeError))
            .Append("  recorded (").Append(dtype).Append(")   ").AppendLine(GradientText(Recorded))
            .Append("  replayed (Float64)   ").AppendLine(GradientText(Replayed))
            .Append("  central difference   ").AppendLine(ElementText.Long(Difference))
            .AppendLine("  step      central difference");
        foreach ((double step, double difference) in Curve)
            text.Append("  ").Append(ElementText.Brief(step)).Append("   ").AppendLine(ElementText.Long(difference));
        if (HasKink)
        {
            text.Append("  warning: the loss has a kink here: slope ").Append(ElementText.Long(LeftSlope)).Append(" to the left, ")
                .Append(ElementText.Long(RightSlope)).AppendLine(" to the right");
        }

        if (!(RecordedError <= (Tensor.DType == DType.Float64 ? Tolerance : SingleTolerance)))
        {
            text.Append("  warning: the recorded gradient is not that of the Float64 replay, relative difference ")
                .AppendLine(ElementText.Brief(RecordedError));
        }

        if (!Agrees && double.IsNaN(Replayed))
            text.AppendLine("  warning: the loss depends on it, but no gradient arrives: detached, under NoGradient, or RequiresGradient not set");
        foreach (string change in BranchChanges)
            text.Append("  warning: another branch in Float64: ").AppendLine(change);
        return text.ToString().TrimEnd();
    }

    private string Verdict =>
        !Agrees ? ": gradient and finite difference DIFFER"
        : HasKink && !(RelativeError <= Tolerance) ? ": at a kink, and the gradient lies between the slopes"
        : ": gradient and finite difference agree";

    private static string GradientText(double gradient) => double.IsNaN(gradient) ? "none" : ElementText.Long(gradient);
}

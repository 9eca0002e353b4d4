namespace Transformer.Autograd.Debugging;

/// <summary>Checks recorded gradients by perturbing elements and replaying in double precision.</summary>
public static partial class FiniteDifference
{
    /// <summary>Perturbs one element of a leaf or of an operation's output, with the recorded dropout masks.</summary>
    /// <remarks>
    /// What is differenced is Σ seed ⊙ loss, over the elements of the loss that a backward pass began with, in the pass that
    /// the gradient came from. A leaf's gradient adds up over passes: then over all since its last reset before that pass.
    /// A gradient that was there before the recording is no part of it. Only what descends from the element is computed again.
    /// </remarks>
    /// <exception cref="ValuesLeftOutException">A needed value was left out; the message says which.</exception>
    /// <exception cref="ArgumentException">The tensor is not in the recording, or the position lies outside it.</exception>
    /// <exception cref="InvalidOperationException">The recording has no backward pass.</exception>
    public static FiniteDifferenceReport Check(Recording recording, RecordedTensor tensor, int position)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, tensor.Shape.ElementCount);
        GradientSource source = GradientSource.Of(recording, tensor);
        using Isolation isolation = new(onTape: false);
        UneditedReplay unedited = UneditedReplay.Of(recording, DType.Float64);
        lock (unedited)
        {
            SlopeCurve curve = CurveOf(unedited.Forward, source.Starts, tensor, position);
            RecordedTensor replayed = unedited.Recording.Tensors[tensor.Id];
            List<RecordedValues> recorded = Recording.Needed(recording.PartsOf(tensor, source.Events, withBefore: false), tensor);
            (double gradient, double largest) = SumOf(unedited.Recording.PartsOf(replayed, source.Events, withBefore: false), position);
            FiniteDifferenceReport report = Report(
                new Analytic(tensor, position, GradientAt(recorded, position), gradient, largest, recorded.Count > 0), curve, unedited.BranchChanges);

            // An infinite loss stays what it is, and would pass for one that does not change.
            bool isFinite = source.Starts.All(start => unedited.Forward.ValuesOf(start.Tensor).ToDoubles().All(double.IsFinite));
            return isFinite ? report : report with { Difference = double.NaN, RelativeError = double.NaN, HasKink = false, Agrees = false };
        }
    }

    private static FiniteDifferenceReport Report(Analytic analytic, SlopeCurve curve, IReadOnlyList<string> branchChanges)
    {
        double gradient = analytic.Arrived ? analytic.Replayed : 0;
        double difference = Math.Abs(gradient - curve.Difference);
        double scale = Math.Max(Math.Max(Math.Abs(gradient), Math.Abs(curve.Difference)), 0.01 * analytic.Largest);
        double error = difference == 0 ? 0 : difference / scale;
        bool hasKink = curve.HasKink(0.01 * analytic.Largest);
        return new FiniteDifferenceReport
        {
            Tensor = analytic.Tensor,
            Position = analytic.Position,
            HasGradient = analytic.Arrived,
            Recorded = analytic.Recorded,
            Replayed = analytic.Replayed,
            Difference = curve.Difference,
            Curve = [.. curve.Steps.Zip(curve.Central)],
            LeftSlope = curve.LeftSlope,
            RightSlope = curve.RightSlope,
            HasKink = hasKink,
            BranchChanges = branchChanges,
            RelativeError = error,
            RecordedError = !analytic.Arrived || analytic.Recorded == gradient ? 0 : Math.Abs(analytic.Recorded - gradient) / scale,
            Agrees = (hasKink && curve.IsBetweenSlopes(gradient)) || error <= FiniteDifferenceReport.Tolerance || difference <= curve.Rounding,
        };
    }

    private static SlopeCurve CurveOf(ForwardReplay unedited, IReadOnlyList<TimelineEvent> starts, RecordedTensor tensor, int position)
    {
        double[] weights = [.. starts.SelectMany(start => start.Gradient!.ToTensor(DType.Float64).ToDoubles())];
        return SlopeCurve.Of(LossesAt, weights, unedited.ValuesOf(tensor).ValueAt(position), SlopeCurve.AllSteps);

        double[] LossesAt(double value)
        {
            // Its memory goes back to the pool: there are thirty such replays.
            using Step step = new();
            ForwardReplay forward = unedited.With([new ValueEdit(tensor, position, value)]);
            return [.. starts.SelectMany(start => forward.ValuesOf(start.Tensor).ToDoubles())];
        }
    }

    // The engine's sum for one element; NaN for none.
    private static double GradientAt(List<RecordedValues> parts, int position)
    {
        double sum = parts.Count == 0 ? double.NaN : parts[0].ValueAt(position);
        foreach (RecordedValues part in parts.Skip(1))
            sum = part.DType == DType.Float32 ? (float)sum + (float)part.ValueAt(position) : sum + part.ValueAt(position);
        return sum;
    }

    private static (double AtPosition, double Largest) SumOf(List<RecordedValues> parts, int position)
    {
        if (parts.Count == 0)
            return (double.NaN, 0);
        double largest = 0;
        for (int i = 0; i < parts[0].Count; i++)
            largest = Math.Max(largest, Math.Abs(GradientAt(parts, i)));
        return (GradientAt(parts, position), largest);
    }

    private readonly record struct Analytic(
        RecordedTensor Tensor, int Position, double Recorded, double Replayed, double Largest, bool Arrived);
}

using System.Numerics;

namespace Transformer.Autograd.Debugging;

/// <summary>How well one operation's backward pass fits its forward pass.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Input">The input with the worst element; null where there was nothing to compare.</param>
/// <param name="Position">That element, row-major.</param>
/// <param name="Recorded">What the operation added to its gradient.</param>
/// <param name="Difference">What a central difference of the operation alone says.</param>
/// <param name="RelativeError">|recorded − difference| / max(|recorded|, |difference|, 0.01 · the input's largest contribution).</param>
public sealed record LocalErrorReport(
    RecordedOperation Operation, RecordedTensor? Input, int Position, double Recorded, double Difference, double RelativeError)
{
    /// <summary>One line.</summary>
    public override string ToString() => Input is null
        ? $"{Operation}: no element of an input wants a gradient"
        : $"{Operation}: worst at {ElementText.Address(Input, Position)}: added {ElementText.Long(Recorded)}, "
            + $"central difference {ElementText.Long(Difference)}, relative error {ElementText.Brief(RelativeError)}";
}

/// <content>One operation by itself.</content>
public static partial class FiniteDifference
{
    // Every element is perturbed up to MostElements. Of more a sample is, the smaller the larger the operation: some runs of an
    // operation with millions of outputs have to do.
    private const int MostElements = 64;
    private const int LargestSample = 24;
    private const int SampledNumbers = 1 << 21;

    /// <summary>
    /// The worst error of what one operation contributed to its inputs' gradients, against Σ dy ⊙ Δy of that operation alone in
    /// double precision with the recorded inputs and incoming gradient: a wrong derivative shows at the operation itself. Of an
    /// input with more than 64 elements a fixed sample, spread over rows and columns, is perturbed. An element at a kink
    /// counts no error where the contribution lies between the one-sided slopes. Expect about 1e-5 of a recording in single
    /// precision.
    /// </summary>
    /// <exception cref="ArgumentException">The event is no backward event.</exception>
    /// <exception cref="ValuesLeftOutException">A needed value was left out; the message says which.</exception>
    /// <exception cref="KeyNotFoundException">The operation is not in the catalogue.</exception>
    public static LocalErrorReport LocalError(Recording recording, TimelineEvent backward)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(backward);
        if (backward.Kind != TimelineEventKind.Backward)
            throw new ArgumentException($"LocalError: event {backward} is not the backward pass of an operation.", nameof(backward));
        using Isolation isolation = new(onTape: false);
        LocalErrorReport worst = new(backward.Operation!, null, 0, double.NaN, double.NaN, 0);
        foreach (IGrouping<RecordedTensor, Contribution> contributions in backward.Contributions.GroupBy(contribution => contribution.Input))
        {
            if (contributions.Key.Shape.ElementCount == 0)
                continue;
            LocalErrorReport report = LocalErrorOf(backward, contributions.Key, [.. contributions.Select(contribution => contribution.Values)]);
            // NaN is worse than any number.
            if (worst.Input is null || report.RelativeError > worst.RelativeError || double.IsNaN(report.RelativeError))
                worst = report;
        }

        return worst;
    }

    // A repeated input is perturbed at all its places at once: what was added for each is added up.
    private static LocalErrorReport LocalErrorOf(TimelineEvent backward, RecordedTensor input, List<RecordedValues> added)
    {
        RecordedOperation operation = backward.Operation!;
        LocalOperation local = new(operation, input);
        if (!backward.Gradient!.IsComplete)
            throw new ValuesLeftOutException(backward.Gradient.Shape, $"the gradient of {operation.Output.Label},");
        double[] weights = backward.Gradient.ToTensor(DType.Float64).ToDoubles();
        (_, double largest) = SumOf(Recording.Needed(added, input), 0);
        LocalErrorReport worst = new(operation, input, 0, 0, 0, 0);
        int count = SampleSize(input.Shape.ElementCount, operation.Output.Shape.ElementCount);
        int stride = Stride(input.Shape.ElementCount);
        for (int i = 0; i < count; i++)
        {
            int position = (int)((long)i * stride % input.Shape.ElementCount);
            LocalErrorReport report = local.Error(weights, position, GradientAt(added, position), largest);
            if (report.RelativeError > worst.RelativeError || double.IsNaN(report.RelativeError) || i == 0)
                worst = report;
            if (double.IsNaN(worst.RelativeError))
                break;
        }

        return worst;
    }

    private static int SampleSize(int elements, int outputs) => elements <= MostElements
        ? elements
        : Math.Clamp(SampledNumbers / (elements + outputs), 1, LargestSample);

    // Coprime to the number of elements, so that no element comes twice, and near its golden section, so that the elements lie
    // in all rows and columns: equal distances would meet one column alone where the sizes are powers of two.
    private static int Stride(int count)
    {
        int stride = Math.Max(1, (int)(count * 0.6180339887));
        while (BigInteger.GreatestCommonDivisor(stride, count) != 1)
            stride--;
        return stride;
    }
}

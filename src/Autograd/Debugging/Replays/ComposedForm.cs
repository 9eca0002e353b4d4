namespace Transformer.Autograd.Debugging;

/// <summary>A fused operation computed again from small ones.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Recording">The small operations, forwards and backwards, from the recorded inputs and incoming gradient.</param>
/// <param name="LargestDifference">Largest absolute difference between the two outputs.</param>
/// <param name="LargestGradientDifference">Largest absolute difference between contributions to the inputs' gradients; NaN without a backward pass.</param>
public sealed record ComposedForm(
    RecordedOperation Operation, Recording Recording, double LargestDifference, double LargestGradientDifference)
{
    private static readonly RecordingOptions Everything =
        new() { LargestTensor = long.MaxValue, LargestRecording = long.MaxValue, SourceLines = false };

    /// <summary>
    /// The composed form of an operation in the recorded precision, with the same dropout mask; or null where it is not made of
    /// smaller ones. Where several backward passes went through the operation it is the last. In its recording, inputs have
    /// their names, those without one are <c>in0</c>, <c>in1</c>, …
    /// </summary>
    /// <exception cref="ValuesLeftOutException">A needed value was left out; the message says which.</exception>
    /// <exception cref="KeyNotFoundException">The operation is not in the catalogue.</exception>
    public static ComposedForm? Of(Recording recording, RecordedOperation operation)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(operation);
        TimelineEvent? backward = recording.Timeline.LastOrDefault(
            entry => entry.Kind == TimelineEventKind.Backward && entry.Operation!.Number == operation.Number);
        using Isolation isolation = new(onTape: true);
        Dictionary<RecordedTensor, Tensor> inputs = InputsOf(operation, backward);
        Operation fused = ForwardReplay.Make(operation, [.. operation.Inputs.Select(input => inputs[input])], operation.Attributes);
        using Recorder recorder = new(Everything);
        string module = operation.Module.Length == 0 ? operation.Kind : $"{operation.Module}.{operation.Kind}";
        Tensor? output;
        using (recorder.EnterModule(module, operation.Kind))
            output = fused.Composed();
        if (output is null)
            return null;
        Tensor? gradient = backward is null ? null : Needed(backward.Gradient!, $"the gradient of {operation.Output.Label},");
        if (gradient is not null)
            output.Backward(gradient);
        Recording composed = recorder.ToRecording();
        double outputDifference = LargestDifferenceOf(Needed(operation.Output.Values, operation.Output.Label), output);
        return new ComposedForm(operation, composed, outputDifference, GradientDifference(backward, inputs));
    }

    /// <summary>Operation, number of small operations, differences.</summary>
    public override string ToString() =>
        $"{Operation} from {Recording.Operations.Count} operations: largest difference {ElementText.Brief(LargestDifference)}"
        + (double.IsNaN(LargestGradientDifference) ? string.Empty : $", of gradients {ElementText.Brief(LargestGradientDifference)}");

    private static Dictionary<RecordedTensor, Tensor> InputsOf(RecordedOperation operation, TimelineEvent? backward)
    {
        Dictionary<RecordedTensor, Tensor> inputs = [];
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            RecordedTensor input = operation.Inputs[i];
            if (inputs.ContainsKey(input))
                continue;
            Tensor leaf = Needed(input.Values, input.Label).Keep().Named(input.Name.Length > 0 ? input.Name : FormattableString.Invariant($"in{i}"));
            leaf.RequiresGradient = backward?.Contributions.Any(contribution => contribution.Input == input) ?? input.RequiresGradient;
            inputs[input] = leaf;
        }

        return inputs;
    }

    private static double GradientDifference(TimelineEvent? backward, Dictionary<RecordedTensor, Tensor> inputs)
    {
        if (backward is null)
            return double.NaN;
        double largest = 0;
        foreach (IGrouping<RecordedTensor, Contribution> contributions in backward.Contributions.GroupBy(contribution => contribution.Input))
        {
            RecordedTensor input = contributions.Key;
            Tensor sum = Tensor.Zeros(input.Shape, input.DType);
            foreach (Contribution contribution in contributions)
                sum.Accumulate(Needed(contribution.Values, $"a contribution to the gradient of {input.Label},"));
            Tensor gradient = inputs[input].Gradient ?? Tensor.Zeros(input.Shape, input.DType);
            largest = Math.Max(largest, LargestDifferenceOf(sum, gradient));
        }

        return largest;
    }

    private static Tensor Needed(RecordedValues values, string label) =>
        values.IsComplete ? values.Tensor : throw new ValuesLeftOutException(values.Shape, label);

    private static double LargestDifferenceOf(Tensor a, Tensor b)
    {
        double largest = 0;
        for (int i = 0; i < a.Count; i++)
            largest = Math.Max(largest, ValueComparison.Distance(a.ValueAt(i), b.ValueAt(i)));
        return largest;
    }
}

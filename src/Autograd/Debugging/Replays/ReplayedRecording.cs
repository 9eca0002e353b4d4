namespace Transformer.Autograd.Debugging;

/// <summary>Writes a replay down as a recording with the original's numbers, names, modules and source lines.</summary>
internal sealed class ReplayedRecording
{
    private readonly ForwardReplay forward;
    private readonly BackwardReplay backward;
    private readonly List<RecordedTensor> tensors = [];
    private readonly List<RecordedOperation> operations = [];

    private ReplayedRecording(ForwardReplay forward, BackwardReplay backward)
    {
        this.forward = forward;
        this.backward = backward;
    }

    /// <summary>Call inside an <see cref="Isolation"/>. The recording takes the replay's memory over.</summary>
    public static Recording Of(ForwardReplay forward, BackwardReplay backward) => new ReplayedRecording(forward, backward).Write();

    private Recording Write()
    {
        Recording original = forward.Recording;
        foreach (RecordedTensor tensor in original.Tensors)
            tensors.Add(TensorOf(tensor));
        foreach (RecordedOperation operation in original.Operations)
            operations.Add(OperationOf(operation));
        List<TimelineEvent> timeline = [.. original.Timeline.Select(EventOf)];
        return new Recording(tensors, operations, timeline, original.Facts, original.Words);
    }

    // Earlier versions and originals of copies come first in a recording.
    private RecordedTensor TensorOf(RecordedTensor tensor) =>
        new(tensor.Id, tensor.Name, tensor.Shape, forward.DTypeOf(tensor), new RecordedValues(forward.ValuesOf(tensor)))
        {
            Version = tensor.Version,
            EarlierVersion = Twin(tensor.EarlierVersion),
            RequiresGradient = tensor.RequiresGradient,
            IsParameter = tensor.IsParameter,
            DetachedFrom = Twin(tensor.DetachedFrom),
            GradientBefore = tensor.GradientBefore is { IsComplete: true } before
                ? new RecordedValues(before.ToTensor(forward.DTypeOf(tensor)))
                : tensor.GradientBefore,
        };

    private RecordedOperation OperationOf(RecordedOperation operation)
    {
        RecordedTensor output = tensors[operation.Output.Id];
        RecordedOperation twin = new(
            operation.Number, operation.Kind, [.. operation.Inputs.Select(input => tensors[input.Id])], output, operation.Attributes)
        {
            Saved = Recorder.SavedBy(forward.OperationOf(operation), values => new RecordedValues(values)),
            Module = operation.Module,
            ModuleKind = operation.ModuleKind,
            UserLine = operation.UserLine,
            LayerLine = operation.LayerLine,
            IsOnTape = operation.IsOnTape,
        };
        output.Producer = twin;
        return twin;
    }

    private TimelineEvent EventOf(TimelineEvent entry) => new(entry.Number, entry.Kind)
    {
        Operation = entry.Operation is { } operation ? operations[operation.Number - 1] : null,
        Tensor = tensors[entry.Tensor.Id],
        Pass = entry.Pass,
        Gradient = backward.GradientOf(entry) is { } gradient ? new RecordedValues(gradient) : null,
        Contributions =
        [
            .. entry.Contributions.Zip(
                backward.ContributionsOf(entry),
                (contribution, values) => new Contribution(
                    tensors[contribution.Input.Id], contribution.InputPosition, new RecordedValues(values))),
        ],
    };

    private RecordedTensor? Twin(RecordedTensor? tensor) => tensor is null ? null : tensors[tensor.Id];
}

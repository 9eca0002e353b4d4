namespace Transformer.Autograd.Debugging;

/// <summary>
/// A recording's forward pass, run again from the recorded leaves: the numbers of each tensor, and each operation with what it
/// saved. With edits it is made from the unedited one, of which only what descends from an edit is computed anew.
/// Operations stand by themselves, on no tape: the recorded timeline says what follows what.
/// </summary>
internal sealed class ForwardReplay
{
    private readonly DType? dtype;
    private readonly ForwardReplay? unedited;
    private readonly ILookup<RecordedTensor, ValueEdit> edits;
    private readonly HashSet<RecordedTensor> wanted;
    private readonly Tensor?[] values;
    private readonly bool[] changed;
    private readonly Operation?[] operations;

    /// <summary>Runs all of it; call inside an <see cref="Isolation"/>.</summary>
    public ForwardReplay(Recording recording, DType? dtype)
        : this(recording, dtype, null, [])
    {
    }

    private ForwardReplay(Recording recording, DType? dtype, ForwardReplay? unedited, IEnumerable<ValueEdit> edits)
    {
        Recording = recording;
        this.dtype = dtype;
        this.unedited = unedited;
        this.edits = edits.ToLookup(edit => OwnTensor(edit));
        wanted = unedited?.wanted ?? WantedGradients(recording);
        values = new Tensor?[recording.Tensors.Count];
        changed = new bool[recording.Tensors.Count];
        operations = new Operation?[recording.Operations.Count];
        foreach (IGrouping<RecordedTensor, ValueEdit> edit in this.edits)
            changed[edit.Key.Id] = true;
        foreach (RecordedOperation operation in recording.Operations)
            Run(operation);
    }

    public Recording Recording { get; }

    /// <summary>The same with other values in some elements; call inside an <see cref="Isolation"/>.</summary>
    public ForwardReplay With(IEnumerable<ValueEdit> edits) => new(Recording, dtype, this, edits);

    /// <summary>The precision in which a tensor is replayed.</summary>
    public DType DTypeOf(RecordedTensor tensor) => dtype ?? tensor.DType;

    /// <summary>The numbers that the operations after it read.</summary>
    public Tensor ValuesOf(RecordedTensor tensor) =>
        values[tensor.Id] ??= HasChanged(tensor) || unedited is null ? Load(tensor) : unedited.ValuesOf(tensor);

    /// <summary>The operation, applied. Its own output has the numbers that it computed, also where they were edited.</summary>
    public Operation OperationOf(RecordedOperation operation) =>
        operations[operation.Number - 1] ?? unedited!.OperationOf(operation);

    /// <summary>True where the operation was computed anew because something before it was edited.</summary>
    public bool WasRunAgain(RecordedOperation operation) => operations[operation.Number - 1] is not null;

    /// <summary>Makes a recorded operation on the given inputs, not applied yet.</summary>
    public static Operation Make(RecordedOperation entry, Tensor[] inputs, object? attributes)
    {
        if (!OperationCatalogue.Knows(entry.Kind))
        {
            throw new KeyNotFoundException(
                $"Replay: {entry} is no operation of the catalogue. Make your own known with OperationCatalogue.Register(\"{entry.Kind}\", …).");
        }

        try
        {
            return OperationCatalogue.Make(entry.Kind, inputs, attributes);
        }
        catch (Exception exception) when (exception is InvalidCastException or NullReferenceException)
        {
            // A program's own attributes do not survive a file.
            throw new InvalidOperationException(
                $"Replay: {entry} cannot be made again from the attributes that the recording has, {attributes ?? "none"}.", exception);
        }
    }

    /// <summary>The attributes for any precision: a rate that single precision rounded draws its mask from the rounded number.</summary>
    public static object? AttributesOf(RecordedOperation entry) =>
        entry.Output.DType == DType.Float64 ? entry.Attributes : entry.Attributes switch
        {
            DropoutAttributes dropout => Rounded(dropout),
            ResidualLayerNormAttributes residual => residual with { Dropout = Rounded(residual.Dropout) },
            TokenEmbeddingAttributes embedding => embedding with { Dropout = Rounded(embedding.Dropout) },
            ActivatedLinearAttributes linear => linear with { Dropout = Rounded(linear.Dropout) },
            AttentionAttributes attention => attention with { DropoutRate = (float)attention.DropoutRate },
            var attributes => attributes,
        };

    private static DropoutAttributes Rounded(DropoutAttributes dropout) => dropout with { Rate = (float)dropout.Rate };

    private void Run(RecordedOperation entry)
    {
        Operation operation;
        if (unedited is null || entry.Inputs.Any(HasChanged))
        {
            operation = Make(entry, [.. entry.Inputs.Select(ValuesOf)], AttributesOf(entry));
            operation.Apply().RequiresGradient = wanted.Contains(entry.Output);
            operations[entry.Number - 1] = operation;
            changed[entry.Output.Id] = unedited is not null;
        }
        else if (HasChanged(entry.Output))
        {
            operation = unedited.OperationOf(entry);
        }
        else
        {
            return;
        }

        values[entry.Output.Id] = edits.Contains(entry.Output) ? Edited(entry.Output, operation.Output) : operation.Output;
    }

    // A leaf; or a computed tensor that the program edited in place, which counts as a constant added to what was computed.
    private Tensor Load(RecordedTensor tensor)
    {
        if (!tensor.Values.IsComplete)
            throw new ValuesLeftOutException(tensor.Shape, tensor.Label);
        // A tensor object of its own, on the recording's memory where the numbers are the same.
        Tensor loaded = DTypeOf(tensor) == tensor.DType
            ? tensor.Values.Tensor.Detach()
            : tensor.Values.ToTensor(DTypeOf(tensor));
        RecordedTensor first = FirstVersion(tensor);
        if (first != tensor && first.Producer is not null && unedited is not null && HasChanged(first))
            loaded = unedited.ValuesOf(tensor) + (ValuesOf(first) - unedited.ValuesOf(first));
        if (edits.Contains(tensor))
            return Edited(tensor, loaded);
        loaded.RequiresGradient = wanted.Contains(tensor);
        return loaded;
    }

    private Tensor Edited(RecordedTensor tensor, Tensor before)
    {
        Tensor after = before.Keep();
        foreach (ValueEdit edit in edits[tensor])
        {
            ElementEdit element = new(after, edit.Position, edit.Value);
            after.DType.Dispatch(ref element);
        }

        after.RequiresGradient = wanted.Contains(tensor);
        return after;
    }

    private bool HasChanged(RecordedTensor tensor) =>
        changed[tensor.Id] || (tensor.EarlierVersion is not null && FirstVersion(tensor) is { Producer: not null } first && changed[first.Id]);

    // The tensor of this recording, also where the edit names that of a replay of it.
    private RecordedTensor OwnTensor(ValueEdit edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        RecordedTensor? own = edit.Tensor.Id < Recording.Tensors.Count ? Recording.Tensors[edit.Tensor.Id] : null;
        if (own is null || own.Label != edit.Tensor.Label || !own.Shape.Equals(edit.Tensor.Shape))
            throw new ArgumentException($"Replay: {edit.Tensor} is no tensor of this recording.", nameof(edit));
        return edit.Position >= 0 && edit.Position < own.Shape.ElementCount
            ? own
            : throw new ArgumentOutOfRangeException(nameof(edit), $"Replay: {own.Label} {own.Shape} has no position {edit.Position}.");
    }

    // The tensor before any edit.
    private static RecordedTensor FirstVersion(RecordedTensor tensor)
    {
        while (tensor.EarlierVersion is { } earlier)
            tensor = earlier;
        return tensor;
    }

    // Also those whose RequiresGradient was set after they had been used.
    private static HashSet<RecordedTensor> WantedGradients(Recording recording) =>
    [
        .. recording.Tensors.Where(tensor => tensor.RequiresGradient),
        .. recording.Timeline.SelectMany(entry => entry.Contributions).Select(contribution => contribution.Input),
    ];

    private readonly struct ElementEdit(Tensor tensor, int position, double value) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
            tensor.EditableValues<T>()[position] = T.CreateSaturating(value);
    }
}

namespace Transformer.Autograd.Debugging.Sessions.Addresses;

/// <summary>Which numbers of a tensor an address means.</summary>
internal enum AddressKind
{
    /// <summary>The tensor's values.</summary>
    Value,

    /// <summary>Its gradient at the cursor.</summary>
    Gradient,

    /// <summary>What one operation contributed to the gradient of one of its inputs.</summary>
    Contribution,

    /// <summary>What an operation kept for its backward pass.</summary>
    Saved,
}

/// <summary>Numbers of a recording by name, such as <c>encoder.norm.weight.grad[3]</c>.</summary>
internal sealed record Address
{
    /// <summary>As it may be written in a command, without the selection.</summary>
    public required string Name { get; init; }

    public required AddressKind Kind { get; init; }

    /// <summary>The tensor, the input, or for saved values the operation's output.</summary>
    public required RecordedTensor Tensor { get; init; }

    /// <summary>For a contribution or saved values; the operation.</summary>
    public RecordedOperation? Operation { get; init; }

    /// <summary>For a contribution: which input, from 0.</summary>
    public int InputPosition { get; init; }

    /// <summary>For saved values: their name.</summary>
    public string SavedName { get; init; } = string.Empty;

    /// <summary>Which elements.</summary>
    public Selection Selection { get; init; } = Selection.Whole(Shape.Scalar);

    /// <summary>True for a name that means at each place the version of the tensor that is current there.</summary>
    public bool FollowsVersions { get; init; }

    /// <summary>Shape of all the numbers of which <see cref="Selection"/> selects some.</summary>
    public Shape Shape => Kind == AddressKind.Saved ? Operation!.Saved[SavedName].Shape : Tensor.Shape;

    /// <summary>All the numbers after so many events; null where there are none yet.</summary>
    public RecordedValues? At(SessionView view, int cursor) => Kind switch
    {
        AddressKind.Value => view.Index.IsComputed(TensorAt(view, cursor), cursor) ? TensorAt(view, cursor).Values : null,
        AddressKind.Gradient => view.Gradients.Of(TensorAt(view, cursor), cursor),
        AddressKind.Contribution => ContributionUpTo(view, cursor),
        _ => view.Index.ForwardEventOf(Operation!) <= cursor ? Operation!.Saved[SavedName] : null,
    };

    /// <summary>The row-major position of the one element that is meant.</summary>
    /// <exception cref="CommandException">Several are meant.</exception>
    public int Element(string example) => Selection.IsElement || Shape.ElementCount == 1
        ? Selection.First
        : throw new CommandException($"{Name} has shape {Shape}: name one element, as in {example}");

    /// <summary>Name and selection.</summary>
    public override string ToString() => Name + Selection;

    private RecordedTensor TensorAt(SessionView view, int cursor) => FollowsVersions ? view.Index.VersionAt(Tensor, cursor) : Tensor;

    // Of the last backward pass that went through the operation.
    private RecordedValues? ContributionUpTo(SessionView view, int cursor) => view.Index.BackwardEventsOf(Operation!)
        .LastOrDefault(entry => entry.Number <= cursor)?
        .Contributions.FirstOrDefault(contribution => contribution.InputPosition == InputPosition)?.Values;
}

namespace Transformer.Autograd.Debugging;

/// <summary>A tensor as it was while a recording ran: a leaf, or an operation's output.</summary>
public sealed class RecordedTensor
{
    internal RecordedTensor(int id, string name, Shape shape, DType dtype, RecordedValues values)
    {
        Id = id;
        Name = name;
        Shape = shape;
        DType = dtype;
        Values = values;
    }

    /// <summary>Number in order of first appearance, from 0.</summary>
    public int Id { get; }

    /// <summary>The name that the program gave, such as a parameter's key; may be empty.</summary>
    public string Name { get; internal set; }

    /// <summary>From 1; a later number is the same tensor after its values were edited.</summary>
    public int Version { get; internal init; } = 1;

    /// <summary>The same tensor before its values were edited; null for the first version.</summary>
    public RecordedTensor? EarlierVersion { get; internal init; }

    /// <summary>
    /// The tensor to whose gradient contributions to this one go: of a computed tensor that was edited in place, the one that
    /// was computed, for the engine has one gradient for both; else itself.
    /// </summary>
    internal RecordedTensor GradientHolder
    {
        get
        {
            RecordedTensor first = this;
            while (first.EarlierVersion is { } earlier)
                first = earlier;
            return first.Producer is null ? this : first;
        }
    }

    /// <summary>How commands call it: its name (<c>name@2</c> after an edit), <c>#12</c> for the output of operation 12, else <c>leaf3</c>.</summary>
    public string Label =>
        Name.Length > 0 ? (Version > 1 ? FormattableString.Invariant($"{Name}@{Version}") : Name)
        : Producer is { } producer ? FormattableString.Invariant($"#{producer.Number}")
        : FormattableString.Invariant($"leaf{Id}");

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>The values when the tensor was first used or had been computed.</summary>
    public RecordedValues Values { get; }

    /// <summary>The recorded operation that computed it; null for a leaf.</summary>
    public RecordedOperation? Producer { get; internal set; }

    /// <summary>Whether backward passes compute its gradient.</summary>
    public bool RequiresGradient { get; internal init; }

    /// <summary>True for a trainable parameter of a model.</summary>
    public bool IsParameter { get; internal init; }

    /// <summary>The tensor of which this leaf is a detached copy or view, through which no gradient flows; or null.</summary>
    public RecordedTensor? DetachedFrom { get; internal init; }

    /// <summary>The gradient that the tensor had already when the first contribution of the recording was added to it; or null.</summary>
    public RecordedValues? GradientBefore { get; internal set; }

    /// <summary>Label, shape, dtype.</summary>
    public override string ToString() => $"{Label} {Shape} {DType}{(Producer is null ? string.Empty : $" ← {Producer.Kind}")}";
}

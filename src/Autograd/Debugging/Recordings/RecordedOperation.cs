namespace Transformer.Autograd.Debugging;

/// <summary>One operation of a recording's forward pass.</summary>
public sealed class RecordedOperation
{
    internal RecordedOperation(int number, string kind, IReadOnlyList<RecordedTensor> inputs, RecordedTensor output, object? attributes)
    {
        Number = number;
        Kind = kind;
        Inputs = inputs;
        Output = output;
        Attributes = attributes;
    }

    /// <summary>Number in order of execution, from 1.</summary>
    public int Number { get; }

    /// <summary>Kind, as in <see cref="OperationCatalogue"/>.</summary>
    public string Kind { get; }

    /// <summary>What it read, in order; one tensor may stand there twice.</summary>
    public IReadOnlyList<RecordedTensor> Inputs { get; }

    /// <summary>What it computed.</summary>
    public RecordedTensor Output { get; }

    /// <summary>What determined it beside its inputs; null for none.</summary>
    public object? Attributes { get; }

    /// <summary>What it kept for its backward pass and the dropout masks that it drew, by name: <c>weights</c>, <c>mask</c>.</summary>
    public IReadOnlyDictionary<string, RecordedValues> Saved { get; internal init; } = new Dictionary<string, RecordedValues>();

    /// <summary>The module in whose forward pass it ran, <c>encoder.layers.0.self_attn</c>; empty outside any.</summary>
    public string Module { get; internal init; } = string.Empty;

    /// <summary>Class of that module; empty outside any.</summary>
    public string ModuleKind { get; internal init; } = string.Empty;

    /// <summary>The line of the program that uses the library; null where unknown.</summary>
    public SourceFrame? UserLine { get; internal init; }

    /// <summary>The line outside Autograd that called the operation, usually a layer's; null where unknown.</summary>
    public SourceFrame? LayerLine { get; internal init; }

    /// <summary>False where no gradient can flow through: no input required one, or a <see cref="NoGradient"/> scope was open.</summary>
    public bool IsOnTape { get; internal init; }

    /// <summary>Number, kind, module.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"#{Number} {Kind}{(Module.Length == 0 ? string.Empty : " in " + Module)}");
}

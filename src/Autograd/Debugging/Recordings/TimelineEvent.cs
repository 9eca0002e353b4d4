namespace Transformer.Autograd.Debugging;

/// <summary>What happened at one point of a recording.</summary>
public enum TimelineEventKind
{
    /// <summary>An operation computed its output.</summary>
    Forward,

    /// <summary>A backward pass began: the gradient of the loss was set.</summary>
    BackwardStart,

    /// <summary>An operation passed its output's gradient on to its inputs.</summary>
    Backward,

    /// <summary>A gradient was forgotten (<see cref="Tensor.ZeroGradient"/>).</summary>
    GradientReset,
}

/// <summary>One point of the timeline on which forward and backward passes lie in order of execution.</summary>
public sealed class TimelineEvent
{
    internal TimelineEvent(int number, TimelineEventKind kind)
    {
        Number = number;
        Kind = kind;
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>What happened.</summary>
    public TimelineEventKind Kind { get; }

    /// <summary>Which operation ran; null for <see cref="TimelineEventKind.BackwardStart"/> and <see cref="TimelineEventKind.GradientReset"/>.</summary>
    public RecordedOperation? Operation { get; internal init; }

    /// <summary>The operation's output, the loss, or the tensor whose gradient was forgotten.</summary>
    public required RecordedTensor Tensor { get; init; }

    /// <summary>Which backward pass of the recording, from 1; 0 in a forward pass.</summary>
    public int Pass { get; internal init; }

    /// <summary>∂L/∂output as it came in, or what the loss's gradient was set to; null in a forward pass and for a reset.</summary>
    public RecordedValues? Gradient { get; internal init; }

    /// <summary>What the operation added to the gradients of its inputs, in the order in which it was added.</summary>
    public IReadOnlyList<Contribution> Contributions { get; internal init; } = [];

    /// <summary>Number, direction, operation.</summary>
    public override string ToString() => FormattableString.Invariant($"{Number} {Kind} {Operation?.ToString() ?? Tensor.Label}");
}

/// <summary>What one operation's backward pass added to the gradient of one of its inputs.</summary>
/// <param name="Input">The tensor.</param>
/// <param name="InputPosition">Which of the operation's inputs it is, from 0.</param>
/// <param name="Values">What was added.</param>
public sealed record Contribution(RecordedTensor Input, int InputPosition, RecordedValues Values)
{
    /// <summary>True where it is a part of that tensor's gradient.</summary>
    internal bool IsTo(RecordedTensor tensor) => Input == tensor || Input.GradientHolder == tensor;
}

namespace Transformer.Autograd.Debugging;

/// <summary>What a finite difference says of one element's gradient.</summary>
public sealed record FiniteDifferenceReport
{
    /// <summary>Whose gradient.</summary>
    public required RecordedTensor Tensor { get; init; }

    /// <summary>Row-major position.</summary>
    public required int Position { get; init; }

    /// <summary>The gradient in the recording; NaN where none arrived.</summary>
    public required double Recorded { get; init; }

    /// <summary>The gradient of a replay in double precision.</summary>
    public required double Replayed { get; init; }

    /// <summary>The central difference of the loss in double precision at the best step size.</summary>
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

    /// <summary>|replayed − difference| / max(|replayed|, |difference|, 0.01 · the tensor's largest gradient).</summary>
    public required double RelativeError { get; init; }

    /// <summary>True where the relative error is within 1e-6, or the point has a kink.</summary>
    public required bool Agrees { get; init; }
}

/// <summary>Checks a recorded gradient by perturbing one element and replaying in double precision.</summary>
public static class FiniteDifference
{
    /// <summary>Perturbs one element.</summary>
    /// <exception cref="ValuesLeftOutException">A needed value was left out; the message says which.</exception>
    public static FiniteDifferenceReport Check(Recording recording, RecordedTensor tensor, int position) =>
        throw new NotImplementedException();
}

namespace Transformer.Autograd.Debugging;

/// <summary>A formula, and the same with the numbers of one element in it.</summary>
/// <param name="General">For any element: <c>∂L/∂xᵢ += yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ)</c>.</param>
/// <param name="Line">For this one: <c>∂L/∂x[0,2] = y[0,2]·(dy[0,2] − Σⱼ dy[0,j]·y[0,j]) = 0.31·(0.52 − 0.11) = 0.127</c>.</param>
/// <param name="Value">The number at the end of the line, computed from the numbers in it in double precision.</param>
public sealed record Explanation(string General, string Line, double Value);

/// <summary>Every operation's formula and derivative as text with numbers.</summary>
public static class Formula
{
    /// <summary>How an operation computed one element of its output.</summary>
    /// <exception cref="ValuesLeftOutException">Needed values were left out.</exception>
    public static Explanation OfForward(Recording recording, RecordedOperation operation, int position) =>
        throw new NotImplementedException();

    /// <summary>How an operation's backward pass computed one element of its contribution to one input's gradient.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="entry">A <see cref="TimelineEventKind.Backward"/> event.</param>
    /// <param name="inputPosition">Which input, from 0.</param>
    /// <param name="position">Row-major position within the input.</param>
    /// <exception cref="ValuesLeftOutException">Needed values were left out.</exception>
    public static Explanation OfBackward(Recording recording, TimelineEvent entry, int inputPosition, int position) =>
        throw new NotImplementedException();

    /// <summary>∂y/∂x of one operation, [output elements, input elements], or null where it has more entries than the limit.</summary>
    public static double[,]? LocalJacobian(Recording recording, RecordedOperation operation, int inputPosition, int largest = 400) =>
        throw new NotImplementedException();
}

using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>
/// Takes what an operation's <see cref="Operation.Backward{T}"/> contributes to the gradients of its inputs: a walk over the
/// tape, or the replay of a recording. One is active while a Backward runs.
/// </summary>
internal abstract class ContributionSink
{
    /// <summary>The one whose operation is running on this thread.</summary>
    public static ContributionSink Active => ActiveIn(ThreadContext.Current);

    /// <summary>The one whose operation is running on a thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ContributionSink ActiveIn(ThreadContext context) => context.Sink ?? Missing();

    /// <summary>Memory for a contribution, shaped as the input.</summary>
    public abstract Tensor ContributionTo(Operation operation, Tensor input);

    /// <summary>
    /// Takes the output's gradient itself as the contribution to an input with as many elements; false where it has to be copied.
    /// </summary>
    public virtual bool TryPassOn(Operation operation, Tensor input) => false;

    /// <summary>
    /// Takes the output's gradient as the contribution to the input's elements from <paramref name="start"/> on, which is 0 elsewhere;
    /// false where it has to be written out in full.
    /// </summary>
    public virtual bool TryAddPart(Operation operation, Tensor input, int start) => false;

    /// <summary>Throws where an operation asks for an input that wants no gradient from it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void CheckWanted(Operation operation, Tensor input)
    {
        if (!input.RequiresGradient || !IsInput(operation, input))
            throw Unwanted(operation, input);
    }

    private static ContributionSink Missing() => throw new InvalidOperationException("ContributionTo: call it from Backward only.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInput(Operation operation, Tensor tensor)
    {
        foreach (Tensor input in operation.InputSpan)
        {
            if (ReferenceEquals(input, tensor))
                return true;
        }

        return false;
    }

    private static InvalidOperationException Unwanted(Operation operation, Tensor input) =>
        new($"{operation.Kind}: {input.Shape} is no input that requires a gradient. Ask Needs(input) before ContributionTo(input), "
            + "and set RequiresGradient before the forward pass.");
}

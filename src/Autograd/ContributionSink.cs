namespace Transformer.Autograd;

/// <summary>
/// Takes what an operation's <see cref="Operation.Backward{T}"/> contributes to the gradients of its inputs: a walk over the
/// tape, or the replay of a recording. One is active while a Backward runs.
/// </summary>
internal abstract class ContributionSink
{
    /// <summary>The one whose operation is running on this thread.</summary>
    public static ContributionSink Active =>
        ThreadContext.Current.Sink ?? throw new InvalidOperationException("ContributionTo: call it from Backward only.");

    /// <summary>Memory for a contribution, shaped as the input.</summary>
    public abstract Tensor ContributionTo(Operation operation, Tensor input);

    /// <summary>
    /// Takes the output's gradient itself as the contribution to an input with as many elements; false where it has to be copied.
    /// </summary>
    public virtual bool TryPassOn(Operation operation, Tensor input) => false;

    /// <summary>Throws where an operation asks for an input that wants no gradient from it.</summary>
    protected static void CheckWanted(Operation operation, Tensor input)
    {
        if (!input.RequiresGradient || !IsInput(operation, input))
        {
            throw new InvalidOperationException(
                $"{operation.Kind}: {input.Shape} is no input that requires a gradient. Ask Needs(input) before ContributionTo(input), "
                + "and set RequiresGradient before the forward pass.");
        }
    }

    private static bool IsInput(Operation operation, Tensor tensor)
    {
        foreach (Tensor input in operation.InputSpan)
        {
            if (ReferenceEquals(input, tensor))
                return true;
        }

        return false;
    }
}

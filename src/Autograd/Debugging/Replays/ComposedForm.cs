namespace Transformer.Autograd.Debugging;

/// <summary>A fused operation computed again from small ones.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Recording">The small operations, forwards and backwards, from the recorded inputs and incoming gradient.</param>
/// <param name="LargestDifference">Largest absolute difference between the two outputs.</param>
/// <param name="LargestGradientDifference">Largest absolute difference between contributions to the inputs' gradients; NaN without a backward pass.</param>
public sealed record ComposedForm(
    RecordedOperation Operation, Recording Recording, double LargestDifference, double LargestGradientDifference)
{
    /// <summary>The composed form of an operation, or null where it is not made of smaller ones.</summary>
    /// <exception cref="ValuesLeftOutException">An input's values were left out.</exception>
    public static ComposedForm? Of(Recording recording, RecordedOperation operation) => throw new NotImplementedException();
}

using Transformer.Autograd;

namespace Benchmarks.Profile;

/// <summary>
/// Floating-point operations of those operations that are matrix products, two for each multiply-add, by the same count as
/// <see cref="Steps.FlopCount"/>; 0 for the others.
/// </summary>
internal static class OperationFlop
{
    /// <summary>Of a forward or a backward run of this operation.</summary>
    public static double Of(Operation operation, bool backward) => operation.Kind switch
    {
        // A fused form carries the product's name and has its first two inputs.
        { } kind when kind.StartsWith("Linear", StringComparison.Ordinal) =>
            Product(operation, backward, rows: operation.Output.Count / (double)operation.Output.Shape[-1], inner: operation.Inputs[1].Shape[-1]),
        "MatMul" => Product(operation, backward, rows: operation.Output.Count / (double)operation.Output.Shape[-1], inner: InnerSize(operation)),
        "ScaledDotProductAttention" => Attention(operation, backward),
        _ => 0,
    };

    // Forwards rows × outputs × inner; backwards as much for each of the two inputs that wants a gradient.
    private static double Product(Operation operation, bool backward, double rows, int inner)
    {
        double once = 2 * rows * operation.Output.Shape[-1] * inner;
        return backward ? once * operation.Inputs.Take(2).Count(input => input.RequiresGradient) : once;
    }

    private static int InnerSize(Operation operation) =>
        operation.Inputs[0].Shape[((MatMulAttributes)operation.Attributes!).TransposeA ? -2 : -1];

    // Scores and weighted sum; backwards the gradients of queries, keys, values and weights. Masked pairs are counted, too.
    private static double Attention(Operation operation, bool backward)
    {
        int sourceLength = operation.Inputs[^1].Shape[1];
        double product = 2.0 * operation.Output.Count * sourceLength;
        return backward ? 4 * product : 2 * product;
    }
}

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
        // Where gradients are wanted they are computed along with the loss, and the backward pass has none of it left to do.
        "ProjectedCrossEntropy" => backward ? 0 : Projection(operation),
        { } kind when kind.EndsWith("Attention", StringComparison.Ordinal) => Attention(operation, backward),
        _ => 0,
    };

    // Forwards rows × outputs × inner; backwards as much for each of the two inputs that wants a gradient.
    private static double Product(Operation operation, bool backward, double rows, int inner)
    {
        double once = 2 * rows * operation.Output.Shape[-1] * inner;
        return backward ? once * operation.Inputs.Take(2).Count(input => input.RequiresGradient) : once;
    }

    private static double Projection(Operation operation)
    {
        Tensor x = operation.Inputs[0];
        Tensor weight = operation.Inputs[1];
        double once = 2 * (x.Count / (double)x.Shape[-1]) * weight.Count;
        return once * (1 + operation.Inputs.Take(2).Count(input => input.RequiresGradient));
    }

    private static int InnerSize(Operation operation) =>
        operation.Inputs[0].Shape[((MatMulAttributes)operation.Attributes!).TransposeA ? -2 : -1];

    // Scores and weighted sum; backwards the gradients of queries, keys, values and weights.
    private static double Attention(Operation operation, bool backward)
    {
        double product = 2 * Pairs(operation) * operation.Output.Shape[-1];
        return backward ? 4 * product : 2 * product;
    }

    // Of target and source. Those that are masked are counted, too, but sequences that are packed on one axis meet only themselves.
    private static double Pairs(Operation operation)
    {
        Mask? mask = operation.Attributes is AttentionAttributes attributes ? attributes.Mask : null;
        if (mask?.Blocks is { } blocks)
            return Enumerable.Range(0, blocks.Targets.Count).Sum(i => (double)blocks.Targets.Length(i) * blocks.Sources.Length(i));
        Shape output = operation.Output.Shape;
        return (double)output[0] * output[1] * operation.Inputs[^1].Shape[1];
    }
}

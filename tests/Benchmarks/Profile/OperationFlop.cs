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
        // A fused form's name ends with the product's, and it has its first two inputs.
        { } kind when kind.EndsWith("Linear", StringComparison.Ordinal) =>
            Product(operation, backward, rows: operation.Output.Count / (double)operation.Output.Shape[-1], inner: operation.Inputs[1].Shape[-1]),
        "MatMul" => Product(operation, backward, rows: operation.Output.Count / (double)operation.Output.Shape[-1], inner: InnerSize(operation)),
        "ProjectedCrossEntropy" => Projection(operation, backward),
        { } kind when kind.EndsWith("Attention", StringComparison.Ordinal) => Attention(operation, backward),
        _ => 0,
    };

    // Forwards rows × outputs × inner; backwards as much for each of the two inputs that wants a gradient.
    private static double Product(Operation operation, bool backward, double rows, int inner)
    {
        double once = 2 * rows * operation.Output.Shape[-1] * inner;
        return backward ? once * operation.Inputs.Take(2).Count(input => input.RequiresGradient) : once;
    }

    // Logits of the rows that count; the gradients are products of the same size, made in the pass in which they were asked for.
    private static double Projection(Operation operation, bool backward)
    {
        CrossEntropyAttributes attributes = (CrossEntropyAttributes)operation.Attributes!;
        int rows = 0;
        foreach (int target in attributes.Targets.Values)
            rows += target == attributes.IgnoredTarget ? 0 : 1;
        double once = 2.0 * rows * operation.Inputs[1].Count;
        int gradients = operation.Inputs.Take(2).Count(input => input.RequiresGradient);
        bool isAhead = operation.Saved.Any(saved => saved.Name.StartsWith("gradient", StringComparison.Ordinal));
        return backward ? (isAhead ? 0 : gradients + 1) * once : (isAhead ? gradients + 1 : 1) * once;
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

namespace Transformer.Autograd.Debugging;

/// <summary>Y = A B over the last two axes, y[.., m, n] = Σₖ a[.., m, k] b[.., k, n]; a transposed input has its two swapped.</summary>
internal sealed class MatMulFormula : OperationFormula
{
    public override string Forward => "Y = A B";

    public override string Backward(RecordedOperation operation, int input, Place at) =>
        input == 0
            ? Attributes(operation).TransposeA ? "∂L/∂Aᵀ += B ∂L/∂Yᵀ" : "∂L/∂A += ∂L/∂Y Bᵀ"
            : Attributes(operation).TransposeB ? "∂L/∂Bᵀ += ∂L/∂Yᵀ A" : "∂L/∂B += Aᵀ ∂L/∂Y";

    public override string Name(RecordedOperation operation, int input) => input == 0 ? "a" : "b";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 2, Attributes: MatMulAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Place batch = Batch(at);
        return Sum.Over("k", InnerSize(numbers), k => A(numbers, batch, at[-2], k) * B(numbers, batch, k, at[-1]));
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        bool isA = input == 0;
        bool isSwapped = isA ? Attributes(numbers.Operation).TransposeA : Attributes(numbers.Operation).TransposeB;
        (Coordinate row, Coordinate column) = isSwapped ? (at[-1], at[-2]) : (at[-2], at[-1]);
        Shape output = numbers.OutputShape;
        Shape batches = [.. output.Take(output.Rank - 2)];
        Shape own = numbers.ShapeOf(input);
        ((string Letter, int Count)[] repeats, int[] axes) = Letters.OfRepeats([.. own.Take(own.Rank - 2)], batches);
        (string, int) inner = isA ? ("n", output[-1]) : ("m", output[-2]);
        Expression sum = Sum.Over([.. repeats, inner], running =>
        {
            Place batch = Repeats.Spread(Batch(at), batches, axes, running[..^1]);
            return isA
                ? numbers.Dy[batch.Then(row, running[^1])] * B(numbers, batch, column, running[^1])
                : A(numbers, batch, running[^1], row) * numbers.Dy[batch.Then(running[^1], column)];
        });
        return new(sum, repeats.Length == 0 ? string.Empty : Repeats.Remark($"this matrix of {(isA ? "a" : "b")}", repeats).Replace("places", "products", StringComparison.Ordinal));
    }

    private static MatMulAttributes Attributes(RecordedOperation operation) => (MatMulAttributes)operation.Attributes!;

    private static int InnerSize(OperationNumbers numbers) =>
        numbers.ShapeOf(0)[Attributes(numbers.Operation).TransposeA ? -2 : -1];

    private static Place Batch(Place at) => at.WithoutLast().WithoutLast();

    private static Expression A(OperationNumbers numbers, Place batch, Coordinate m, Coordinate k) =>
        Element(numbers.Input(0, "a"), batch, m, k, Attributes(numbers.Operation).TransposeA);

    private static Expression B(OperationNumbers numbers, Place batch, Coordinate k, Coordinate n) =>
        Element(numbers.Input(1, "b"), batch, k, n, Attributes(numbers.Operation).TransposeB);

    private static Expression Element(Symbol matrices, Place batch, Coordinate row, Coordinate column, bool isSwapped)
    {
        Place own = batch.In([.. matrices.Shape.Take(matrices.Shape.Rank - 2)]);
        return matrices[isSwapped ? own.Then(column, row) : own.Then(row, column)];
    }
}

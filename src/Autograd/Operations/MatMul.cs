using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a matrix product.</summary>
/// <param name="TransposeA">True where the last two axes of a are to be swapped.</param>
/// <param name="TransposeB">True where the last two axes of b are to be swapped.</param>
public sealed record MatMulAttributes(bool TransposeA, bool TransposeB);

/// <summary>Matrix product Y = A B over the last two axes; the axes before them are a batch and broadcast.</summary>
internal sealed class MatMul(Tensor a, Tensor b, MatMulAttributes attributes) : Operation(a, b)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            if (a.Rank < 2 || b.Rank < 2)
                throw ShapeError($"both inputs are matrices or batches of them, not a {a.Shape} · b {b.Shape}");
            int innerA = a.Shape[attributes.TransposeA ? -2 : -1];
            int innerB = b.Shape[attributes.TransposeB ? -1 : -2];
            if (innerA != innerB)
            {
                throw ShapeError(
                    $"inner sizes differ, a {a.Shape}{(attributes.TransposeA ? "ᵀ" : string.Empty)} · "
                    + $"b {b.Shape}{(attributes.TransposeB ? "ᵀ" : string.Empty)} ({innerA} ≠ {innerB})");
            }

            return [.. Broadcasting.Common(Kind, BatchShape(a), BatchShape(b)),
                a.Shape[attributes.TransposeA ? -1 : -2], b.Shape[attributes.TransposeB ? -2 : -1]];
        }
    }

    private int M => Output.Shape[-2];

    private int N => Output.Shape[-1];

    private int K => a.Shape[attributes.TransposeA ? -2 : -1];

    // Y = A B
    protected override void Forward<T>(Span<T> y)
    {
        foreach (BroadcastBatches batch in Batches())
        {
            MatrixProduct.MultiplyBatched(
                Values<T>(a)[batch.StartA..], batch.A(a, attributes.TransposeA),
                Values<T>(b)[batch.StartB..], batch.B(b, attributes.TransposeB),
                y[batch.StartY..], batch.Y(Output), batch.Outer, batch.Inner, M, N, K);
        }
    }

    // ∂L/∂A += ∂L/∂Y Bᵀ        ∂L/∂B += Aᵀ ∂L/∂Y        (where A was given transposed: ∂L/∂Aᵀ += B ∂L/∂Yᵀ, and B alike)
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(a))
            BackwardA(dy, ContributionTo<T>(a));
        if (Needs(b))
            BackwardB(dy, ContributionTo<T>(b));
    }

    private void BackwardA<T>(ReadOnlySpan<T> dy, Span<T> da)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool repeated = IsRepeated(a);
        if (repeated)
            da.Clear();
        foreach (BroadcastBatches batch in Batches(oneByOne: repeated))
        {
            ReadOnlySpan<T> values = Values<T>(b)[batch.StartB..];
            Span<T> part = da[batch.StartA..];
            if (attributes.TransposeA)
            {
                MatrixProduct.MultiplyBatched(
                    values, batch.B(b, attributes.TransposeB), dy[batch.StartY..], batch.Y(Output, transposed: true),
                    part, batch.A(a), batch.Outer, batch.Inner, K, M, N, accumulate: repeated);
            }
            else
            {
                MatrixProduct.MultiplyBatched(
                    dy[batch.StartY..], batch.Y(Output), values, batch.B(b, !attributes.TransposeB),
                    part, batch.A(a), batch.Outer, batch.Inner, M, K, N, accumulate: repeated);
            }
        }
    }

    private void BackwardB<T>(ReadOnlySpan<T> dy, Span<T> db)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool repeated = IsRepeated(b);
        if (repeated)
            db.Clear();
        foreach (BroadcastBatches batch in Batches(oneByOne: repeated))
        {
            ReadOnlySpan<T> values = Values<T>(a)[batch.StartA..];
            Span<T> part = db[batch.StartB..];
            if (attributes.TransposeB)
            {
                MatrixProduct.MultiplyBatched(
                    dy[batch.StartY..], batch.Y(Output, transposed: true), values, batch.A(a, attributes.TransposeA),
                    part, batch.B(b), batch.Outer, batch.Inner, N, K, M, accumulate: repeated);
            }
            else
            {
                MatrixProduct.MultiplyBatched(
                    values, batch.A(a, !attributes.TransposeA), dy[batch.StartY..], batch.Y(Output),
                    part, batch.B(b), batch.Outer, batch.Inner, K, N, M, accumulate: repeated);
            }
        }
    }

    // True where one matrix serves several products (or none, in an empty batch): their gradients are added up, one by one.
    private bool IsRepeated(Tensor input) =>
        input.Shape.CountBetween(0, input.Rank - 2) != Output.Shape.CountBetween(0, Output.Rank - 2);

    private IEnumerable<BroadcastBatches> Batches(bool oneByOne = false) =>
        BroadcastBatches.Of(BatchShape(a), BatchShape(b), BatchShape(Output), [M * K, K * N, M * N], oneByOne);

    private static Shape BatchShape(Tensor tensor) => tensor.Shape.Leading(tensor.Rank - 2);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// Matrix product over the last two axes, [.., m, k] · [.., k, n] → [.., m, n]; the axes before them broadcast.
    /// A transposed input is read so, without a copy.
    /// </summary>
    /// <exception cref="ArgumentException">An input has fewer than two axes, or the sizes do not fit.</exception>
    public Tensor MatMul(Tensor other, bool transposeThis = false, bool transposeOther = false) =>
        new MatMul(this, other, new MatMulAttributes(transposeThis, transposeOther)).Apply();
}

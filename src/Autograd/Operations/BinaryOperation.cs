using System.Numerics;

namespace Transformer.Autograd;

/// <summary>
/// An element-wise function of two tensors. Broadcasting is done and undone here: derived classes see values that
/// are as long as the output or repeat whole, and write gradients of the output's length.
/// </summary>
internal abstract class BinaryOperation(Tensor a, Tensor b) : Operation(a, b)
{
    // The name is asked for only where the shapes are to be compared.
    protected override Shape OutputShape => ReferenceEquals(A.Shape, B.Shape) ? A.Shape : Broadcasting.Common(Kind, A.Shape, B.Shape);

    /// <summary>The first input.</summary>
    protected Tensor A => InputSpan[0];

    /// <summary>The second input.</summary>
    protected Tensor B => InputSpan[1];

    protected sealed override void Forward<T>(Span<T> y)
    {
        using Expanded<T> fullA = new(Values<T>(A), A.Shape, Output.Shape);
        using Expanded<T> fullB = new(Values<T>(B), B.Shape, Output.Shape);
        Forward(fullA.Values, fullB.Values, y);
    }

    protected sealed override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (Needs(A))
            Contribute(dy, A, isA: true);
        if (Needs(B))
            Contribute(dy, B, isA: false);
    }

    protected abstract void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The gradient of <c>a</c> as if it had been given in the output's shape.</summary>
    protected abstract void BackwardA<T>(ReadOnlySpan<T> dy, Span<T> da)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The gradient of <c>b</c> as if it had been given in the output's shape.</summary>
    protected abstract void BackwardB<T>(ReadOnlySpan<T> dy, Span<T> db)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The input's values in a form that element-wise kernels take.</summary>
    protected Expanded<T> Full<T>(Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Values<T>(input), input.Shape, Output.Shape);

    private void Contribute<T>(ReadOnlySpan<T> dy, Tensor input, bool isA)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> contribution = ContributionTo<T>(input);
        if (input.Count == dy.Length)
        {
            Backward(dy, contribution, isA);
            return;
        }

        using Scratch<T> full = new(dy.Length);
        Backward(dy, full.Span, isA);
        Broadcasting.SumTo(full.Span, Output.Shape, contribution, input.Shape);
    }

    private void Backward<T>(ReadOnlySpan<T> dy, Span<T> full, bool isA)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (isA)
            BackwardA(dy, full);
        else
            BackwardB(dy, full);
    }
}

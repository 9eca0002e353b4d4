using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>
/// An element-wise function of two tensors. Broadcasting is done and undone here: derived classes see values that
/// are as long as the output or repeat whole, and write gradients of the output's length.
/// </summary>
internal abstract class BinaryOperation(Tensor a, Tensor b) : Operation(a, b)
{
    // Finding the operation's name takes longer than comparing two shapes.
    protected override Shape OutputShape => A.Shape.Equals(B.Shape) ? A.Shape : Broadcasting.Common(Kind, A.Shape, B.Shape);

    /// <summary>The first input.</summary>
    protected Tensor A => FirstInput;

    /// <summary>The second input.</summary>
    protected Tensor B => SecondInput;

    /// <summary>The input's values in a form that element-wise kernels take.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected Expanded<T> Full<T>(Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Values<T>(input), input.Shape, OutputIfApplied!.Shape);

    /// <summary>Takes the input's gradient as if the input had been given in the output's shape.</summary>
    protected Repeated<T> FullContributionTo<T>(Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(ContributionTo<T>(input), input.Shape, OutputIfApplied!.Shape);

    /// <summary>Contributes the output's gradient itself, added up where the input was repeated.</summary>
    protected void PassOnFull<T>(ReadOnlySpan<T> dy, Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (input.Count == dy.Length)
            PassOn(dy, input);
        else
            Broadcasting.SumTo(dy, OutputIfApplied!.Shape, ContributionTo<T>(input), input.Shape);
    }
}

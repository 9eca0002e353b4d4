using System.Collections.Immutable;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a permutation.</summary>
/// <param name="Axes">Which axis of x becomes axis 0, 1, … of y.</param>
public sealed record PermuteAttributes(ImmutableArray<int> Axes);

/// <summary>Axes in another order; copies.</summary>
internal sealed class Permute(Tensor x, PermuteAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            if (!attributes.Axes.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
                throw ShapeError($"[{string.Join(", ", attributes.Axes)}] does not name each axis of {x.Shape} once");
            return [.. attributes.Axes.Select(axis => x.Shape[axis])];
        }
    }

    // y[i_axes[0], i_axes[1], …] = x[i₀, i₁, …]
    protected override void Forward<T>(Span<T> y) =>
        Copying.Permute(Values<T>(x), x.Shape.Sizes, attributes.Axes.AsSpan(), y);

    // ∂L/∂x[i₀, i₁, …] += ∂L/∂y[i_axes[0], i_axes[1], …]: the inverse permutation
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        int[] inverse = new int[x.Rank];
        for (int axis = 0; axis < inverse.Length; axis++)
            inverse[attributes.Axes[axis]] = axis;
        Copying.Permute(dy, Output.Shape.Sizes, inverse, ContributionTo<T>(x));
    }
}

/// <content>Methods.</content>
public partial class Tensor
{
    /// <summary>Axes in another order: axis <c>axes[i]</c> becomes axis i. Copies.</summary>
    /// <exception cref="ArgumentException">The axes do not name each axis once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> axes)
    {
        int[] order = axes.ToArray();
        for (int i = 0; i < order.Length; i++)
            order[i] = Shape.Axis(order[i]);
        return new Permute(this, new PermuteAttributes([.. order])).Apply();
    }

    /// <summary>Swaps two axes, by default the last two. Copies.</summary>
    /// <exception cref="ArgumentException">An axis does not exist.</exception>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        int[] order = [.. Enumerable.Range(0, Rank)];
        (order[Shape.Axis(first)], order[Shape.Axis(second)]) = (Shape.Axis(second), Shape.Axis(first));
        return new Permute(this, new PermuteAttributes([.. order])).Apply();
    }
}

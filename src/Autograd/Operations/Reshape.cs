using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>Attributes of a reshape.</summary>
/// <param name="Shape">The new shape.</param>
public sealed record ReshapeAttributes(Shape Shape);

/// <summary>The same elements in another shape; shares the memory.</summary>
internal sealed class Reshape(Tensor x, ReshapeAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape =>
        attributes.Shape.ElementCount == x.Count
            ? attributes.Shape
            : throw ShapeError($"{x.Shape} has {x.Count} elements, {attributes.Shape} has {attributes.Shape.ElementCount}");

    protected override Tensor SharedInput => x;

    // yᵢ = xᵢ, without a copy
    protected override void Forward<T>(Span<T> y)
    {
    }

    // ∂L/∂xᵢ += ∂L/∂yᵢ
    protected override void Backward<T>(ReadOnlySpan<T> dy) => PassOn(dy, x);
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>The same elements in another shape; shares the memory. One size may be −1: it is worked out.</summary>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        int unknown = sizes.IndexOf(-1);
        if (unknown < 0)
            return Reshape(Shape.Create(sizes));
        if (sizes[(unknown + 1)..].Contains(-1))
            throw new ArgumentException($"Reshape: one size may be −1, not several of [{string.Join(", ", sizes.ToArray())}].");
        int[] known = sizes.ToArray();
        known[unknown] = 1;
        int rest = Shape.Create(known).ElementCount;
        if (rest == 0 || Count % rest != 0)
            throw new ArgumentException($"Reshape: {Shape} does not fill [{string.Join(", ", sizes.ToArray())}] evenly.");
        known[unknown] = Count / rest;
        return Reshape(Shape.Create(known));
    }

    /// <summary>The same elements in another shape; shares the memory.</summary>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Reshape(Shape shape) => new Reshape(this, new ReshapeAttributes(shape)).Apply();
}

namespace Transformer.Autograd;

/// <summary>Attributes of a concatenation.</summary>
/// <param name="Axis">The axis along which the inputs stand one behind the other.</param>
public sealed record ConcatenateAttributes(int Axis);

/// <summary>Tensors one behind the other along an axis; all other axes agree.</summary>
internal sealed class Concatenate(Tensor[] parts, ConcatenateAttributes attributes) : Operation(parts)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            int axis = attributes.Axis;
            Shape first = parts[0].Shape;
            int total = 0;
            foreach (Tensor part in parts)
            {
                if (part.Rank != first.Rank || !part.Shape.With(axis, first[axis]).Equals(first))
                    throw ShapeError($"{first} and {part.Shape} differ in another axis than {axis}");
                total += part.Shape[axis];
            }

            return first.With(axis, total);
        }
    }

    private int Outer => Output.Shape.CountBetween(0, attributes.Axis);

    private int Stride => Output.Shape.CountBetween(attributes.Axis, Output.Rank);

    // y[o, offsetₚ + j, i] = xₚ[o, j, i]
    protected override void Forward<T>(Span<T> y)
    {
        int offset = 0;
        foreach (Tensor part in parts)
        {
            int width = part.Shape.CountBetween(attributes.Axis, part.Rank);
            ReadOnlySpan<T> values = Values<T>(part);
            for (int o = 0; o < Outer; o++)
                values.Slice(o * width, width).CopyTo(y[(o * Stride + offset)..]);
            offset += width;
        }
    }

    // ∂L/∂xₚ[o, j, i] += ∂L/∂y[o, offsetₚ + j, i]
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        int offset = 0;
        foreach (Tensor part in parts)
        {
            int width = part.Shape.CountBetween(attributes.Axis, part.Rank);
            if (Needs(part))
            {
                Span<T> dx = ContributionTo<T>(part);
                for (int o = 0; o < Outer; o++)
                    dy.Slice(o * Stride + offset, width).CopyTo(dx[(o * width)..]);
            }

            offset += width;
        }
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>The tensors one behind the other along an axis.</summary>
    /// <exception cref="ArgumentException">There are none, or their other axes differ.</exception>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> parts) =>
        parts.Length == 0
            ? throw new ArgumentException("Concatenate: there is nothing to concatenate.")
            : new Concatenate(parts.ToArray(), new ConcatenateAttributes(parts[0].Shape.Axis(axis))).Apply();
}

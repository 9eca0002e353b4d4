using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a slice.</summary>
/// <param name="Axis">The axis that is cut.</param>
/// <param name="Start">The first index that stays.</param>
/// <param name="Length">How many indices stay.</param>
public sealed record SliceAttributes(int Axis, int Start, int Length);

/// <summary>A run of indices along one axis. Shares the memory where that run is contiguous, else copies.</summary>
internal sealed class Slice(Tensor x, SliceAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            int size = x.Shape[attributes.Axis];
            bool inside = attributes.Start >= 0 && attributes.Length >= 0 && attributes.Start + (long)attributes.Length <= size;
            return inside
                ? x.Shape.With(attributes.Axis, attributes.Length)
                : throw ShapeError(
                    $"{attributes.Length} from {attributes.Start} do not lie within axis {attributes.Axis} of {x.Shape} ({size})");
        }
    }

    protected override Tensor? SharedInput => Outer == 1 ? x : null;

    protected override int SharedOffset => attributes.Start * Inner;

    private int Outer => x.Shape.CountBetween(0, attributes.Axis);

    private int Inner => x.Shape.CountBetween(attributes.Axis + 1, x.Rank);

    // y[o, j, i] = x[o, start + j, i]
    protected override void Forward<T>(Span<T> y)
    {
        ReadOnlySpan<T> values = Values<T>(x);
        int width = attributes.Length * Inner;
        int stride = x.Shape[attributes.Axis] * Inner;
        for (int o = 0; o < Outer; o++)
            values.Slice(o * stride + SharedOffset, width).CopyTo(y.Slice(o * width, width));
    }

    // ∂L/∂x[o, start + j, i] += ∂L/∂y[o, j, i]; 0 elsewhere
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        if (SharedInput is not null && Sink.TryAddPart(this, x, SharedOffset))
            return;
        Span<T> dx = ContributionTo<T>(x);
        Copying.Clear(dx);
        int width = attributes.Length * Inner;
        int stride = x.Shape[attributes.Axis] * Inner;
        for (int o = 0; o < Outer; o++)
            dy.Slice(o * width, width).CopyTo(dx.Slice(o * stride + SharedOffset, width));
    }
}

/// <content>Methods.</content>
public partial class Tensor
{
    /// <summary>The indices <paramref name="start"/> … <paramref name="start"/> + <paramref name="length"/> − 1 along an axis.</summary>
    /// <remarks>
    /// Shares this tensor's memory where the indices are one contiguous run (axis 0, or every axis before it of size 1):
    /// an edit of one is then an edit of both. Otherwise it is a copy.
    /// </remarks>
    /// <exception cref="ArgumentException">They lie outside, or there is no such axis.</exception>
    public Tensor Slice(int axis, int start, int length) =>
        new Slice(this, new SliceAttributes(Shape.Axis(axis), start, length)).Apply();

    /// <summary>Cuts an axis into parts of the given lengths, each a <see cref="Slice"/>.</summary>
    /// <exception cref="ArgumentException">The lengths do not add up to the axis.</exception>
    public Tensor[] Split(int axis, params ReadOnlySpan<int> lengths)
    {
        int sum = 0;
        Tensor[] parts = new Tensor[lengths.Length];
        foreach (int length in lengths)
            sum += length;
        if (sum != Shape[axis])
            throw new ArgumentException($"Split: lengths add up to {sum}, but axis {axis} of {Shape} has {Shape[axis]}.");
        for (int i = 0, start = 0; i < parts.Length; start += lengths[i], i++)
            parts[i] = Slice(axis, start, lengths[i]);
        return parts;
    }
}

using Transformer.Autograd;
using Transformer.Kernels;

namespace Transformer.Testing;

/// <summary>A sequence of random choices that is a function of a <see cref="Drawing"/> alone.</summary>
public sealed class Draw(Drawing drawing)
{
    private uint stream;
    private long used;

    /// <summary>The drawn shape.</summary>
    public Shape Shape => drawing.Shape;

    /// <summary>A number from 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(Philox.UInt32At(new RandomKey(drawing.Seed, 0, 1, 0), used++) % (uint)count);

    /// <summary>True or false.</summary>
    public bool Coin() => Below(2) == 1;

    /// <summary>One of the given values.</summary>
    public T OneOf<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>A key for a dropout.</summary>
    public RandomKey Key() => new(drawing.Seed, ++stream, 2, 0);

    /// <summary>A Float64 leaf, uniform in ±1.5.</summary>
    public Tensor Leaf(Shape shape) => Leaf(shape, -1.5, 1.5);

    /// <summary>A Float64 leaf, uniform in [low, high). Rounded to single precision, so that both precisions start alike.</summary>
    public Tensor Leaf(Shape shape, double low, double high) =>
        Rounded(Tensor.Uniform(shape, Key(), low, high, DType.Float64));

    /// <summary>A leaf whose elements are between 0.3 and 1.8 in size, of either sign: away from a kink or a pole at 0.</summary>
    public Tensor LeafAwayFromZero(Shape shape)
    {
        Tensor leaf = Leaf(shape);
        leaf.Edit<double>(values =>
        {
            foreach (ref double value in values)
                value = Math.CopySign(Math.Abs(value) + 0.3, value);
        });
        return Rounded(leaf);
    }

    /// <summary>A leaf whose elements differ by at least 0.02 from one another, in random order: no two are the largest.</summary>
    public Tensor LeafOfDistinct(Shape shape)
    {
        int[] order = Permutation(shape.ElementCount);
        Tensor leaf = Leaf(shape, 0, 0.03);
        leaf.Edit<double>(values =>
        {
            for (int i = 0; i < values.Length; i++)
                values[i] += (0.05 * order[i]) - (0.025 * values.Length);
        });
        return Rounded(leaf);
    }

    /// <summary>The numbers 0 to <paramref name="count"/> − 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>A shape that broadcasts to the given one: some axes 1, some leading axes missing.</summary>
    public Shape Narrower(Shape shape)
    {
        int missing = Coin() ? Below(shape.Rank + 1) : 0;
        return [.. shape.Skip(missing).Select(size => Below(3) == 0 ? 1 : size)];
    }

    /// <summary>Two shapes that broadcast to the given one, each on its own narrower or not.</summary>
    public (Shape A, Shape B) Pair(Shape shape) => Below(3) switch
    {
        0 => (shape, shape),
        1 => Coin() ? (shape, Narrower(shape)) : (Narrower(shape), shape),
        _ => (Narrower(shape), Narrower(shape)),
    };

    /// <summary>Row numbers or classes below <paramref name="bound"/>, with repetitions.</summary>
    public Indices Indices(Shape shape, int bound) =>
        new([.. Enumerable.Range(0, shape.ElementCount).Select(_ => Below(bound))], shape);

    /// <summary>A mask, three quarters true.</summary>
    public Mask Mask(Shape shape) =>
        new([.. Enumerable.Range(0, shape.ElementCount).Select(_ => Below(4) > 0)], shape);

    /// <summary>Some axes of a shape, each named once, in random order.</summary>
    public int[] Axes(Shape shape) =>
        [.. Permutation(shape.Rank).Take(shape.Rank == 0 ? 0 : Below(shape.Rank + 1)).Select(axis => Coin() ? axis : axis - shape.Rank)];

    private static Tensor Rounded(Tensor tensor) => tensor.To(DType.Float32).To(DType.Float64).AsLeaf();
}

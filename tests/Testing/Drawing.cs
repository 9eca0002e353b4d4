using FsCheck;
using FsCheck.Fluent;
using Transformer.Autograd;

namespace Transformer.Testing;

/// <summary>
/// What one run of a property is a function of: a shape, and a seed for everything else. Shrinking simplifies the shape
/// and leaves the seed alone, so that a smaller failing case stays comparable.
/// </summary>
/// <param name="Shape">The shape.</param>
/// <param name="Seed">Data, axes, attributes: all that <see cref="Draw"/> draws.</param>
public sealed record Drawing(Shape Shape, ulong Seed)
{
    /// <summary>Starts drawing; each call gives the same sequence.</summary>
    public Draw Begin() => new(this);
}

/// <summary>Which shapes a property is drawn over.</summary>
/// <param name="MinimumRank">Fewest axes.</param>
/// <param name="MaximumRank">Most axes.</param>
/// <param name="Sizes">Sizes of an axis.</param>
/// <param name="MaximumCount">Most elements: axes that would exceed it get size 1.</param>
public sealed record Shapes(int MinimumRank, int MaximumRank, IReadOnlyList<int> Sizes, int MaximumCount)
{
    /// <summary>Rank 0 to 4; sizes 0, 1, 2, 3, 5 and 7.</summary>
    public static Shapes Any { get; } = new(0, 4, [0, 1, 2, 3, 5, 7], 105);

    /// <summary>The same with at least so many axes.</summary>
    public static Shapes OfRank(int minimum, int maximum = 4) => Any with { MinimumRank = minimum, MaximumRank = maximum };

    /// <summary>The same without empty axes.</summary>
    public Shapes NotEmpty => this with { Sizes = [.. Sizes.Where(size => size > 0)] };

    /// <summary>Generates shapes and seeds, and shrinks the shape.</summary>
    public Arbitrary<Drawing> Drawings =>
        Arb.From(Generator, drawing => Smaller(drawing.Shape).Select(shape => drawing with { Shape = shape }));

    // An empty axis empties the whole tensor, so it is drawn only a fifth as often as each of the others.
    private Gen<int> Size => Gen.Frequency(Sizes.Select(size => (size == 0 ? 1 : 5, Gen.Constant(size))));

    private Gen<Drawing> Generator =>
        from rank in Gen.Choose(MinimumRank, MaximumRank)
        from sizes in Size.ArrayOf(rank)
        from low in Gen.Choose(0, int.MaxValue)
        select new Drawing(Bounded(sizes), (ulong)low);

    private Shape Bounded(int[] sizes)
    {
        int count = 1;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (count * sizes[axis] > MaximumCount)
                sizes[axis] = 1;
            count *= Math.Max(1, sizes[axis]);
        }

        return Shape.Create(sizes);
    }

    // Fewer axes, or one axis smaller: each candidate is strictly smaller in (rank, sum of sizes).
    private IEnumerable<Shape> Smaller(Shape shape)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int dropped = axis;
            if (shape.Rank > MinimumRank)
                yield return [.. shape.Where((_, i) => i != dropped)];
            foreach (int size in Sizes.Where(size => size < shape[dropped]))
                yield return shape.With(dropped, size);
        }
    }
}

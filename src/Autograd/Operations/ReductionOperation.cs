namespace Transformer.Autograd;

/// <summary>Attributes of a reduction over neighbouring axes.</summary>
/// <param name="FirstAxis">The first axis that is reduced.</param>
/// <param name="EndAxis">The axis behind the last one that is reduced.</param>
/// <param name="KeepAxes">True to leave the reduced axes standing with size 1.</param>
public sealed record ReductionAttributes(int FirstAxis, int EndAxis, bool KeepAxes);

/// <summary>A function that reduces neighbouring axes: x is seen as [outer, axis, inner], y as [outer, inner].</summary>
internal abstract class ReductionOperation(Tensor x, ReductionAttributes attributes) : Operation(x)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape
    {
        get
        {
            List<int> sizes = [.. x.Shape];
            if (attributes.KeepAxes)
            {
                for (int axis = attributes.FirstAxis; axis < attributes.EndAxis; axis++)
                    sizes[axis] = 1;
            }
            else
            {
                sizes.RemoveRange(attributes.FirstAxis, attributes.EndAxis - attributes.FirstAxis);
            }

            return [.. sizes];
        }
    }

    /// <summary>What is reduced.</summary>
    protected Tensor X => x;

    /// <summary>Elements before the reduced axes.</summary>
    protected int Outer => x.Shape.CountBetween(0, attributes.FirstAxis);

    /// <summary>Elements along the reduced axes.</summary>
    protected int Reduced => x.Shape.CountBetween(attributes.FirstAxis, attributes.EndAxis);

    /// <summary>Elements behind the reduced axes.</summary>
    protected int Inner => x.Shape.CountBetween(attributes.EndAxis, x.Rank);

    /// <summary>Moves the axes to be reduced side by side where they are not, then makes the reduction.</summary>
    /// <param name="x">What to reduce.</param>
    /// <param name="axes">Which axes; none means all of them.</param>
    /// <param name="keepAxes">True to leave the reduced axes standing with size 1.</param>
    /// <param name="make">Makes the operation.</param>
    public static Tensor Reduce(
        Tensor x, ReadOnlySpan<int> axes, bool keepAxes, Func<Tensor, ReductionAttributes, ReductionOperation> make)
    {
        if (axes.Length == 0)
            return make(x, new ReductionAttributes(0, x.Rank, keepAxes)).Apply();
        SortedSet<int> reduced = [];
        foreach (int axis in axes)
        {
            if (!reduced.Add(x.Shape.Axis(axis)))
                throw new ArgumentException($"Reduction: axis {axis} of {x.Shape} is named twice.");
        }

        if (reduced.Max - reduced.Min == reduced.Count - 1)
            return make(x, new ReductionAttributes(reduced.Min, reduced.Max + 1, keepAxes)).Apply();
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(axis => !reduced.Contains(axis)), .. reduced];
        Tensor y = make(x.Permute(order), new ReductionAttributes(x.Rank - reduced.Count, x.Rank, false)).Apply();
        if (!keepAxes)
            return y;
        int[] sizes = [.. x.Shape];
        foreach (int axis in reduced)
            sizes[axis] = 1;
        return y.Reshape(Shape.Create(sizes));
    }
}

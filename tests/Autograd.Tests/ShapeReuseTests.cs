using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

/// <summary>A shape that is made again is the one that was made before, where it is still remembered; equal ones are equal in any case.</summary>
[Collection(RunsAlone.Name)]
public class ShapeReuseTests
{
    [Fact]
    public void Shapes_are_what_was_asked_for_however_many_were_made_before()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 3000; i++)
            {
                Shape shape = [i % 7, i, i % 3];
                Assert.Equal([i % 7, i, i % 3], shape.Sizes.ToArray());
                Assert.Equal(i % 7 * i * (i % 3), shape.ElementCount);
                Assert.Equal(shape, [i % 7, i, i % 3]);
            }
        }
    }

    [Fact]
    public void A_shape_made_twice_in_a_row_is_one_object()
    {
        Shape first = [3, 5, 1_234_567];
        Assert.Same(first, Shape.Create(3, 5, 1_234_567));
        Assert.Same(first, first.With(1, 6).With(1, 5));
        Assert.NotEqual(first, [3, 5, 1_234_567, 1]);
    }

    [Fact]
    public void Leading_axes_and_comparison_with_sizes()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal([2, 3], shape.Leading(2));
        Assert.Equal(Shape.Scalar, shape.Leading(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.Leading(4));
        Assert.True(shape.Is(2, 3, 4));
        Assert.False(shape.Is(2, 3));
        Assert.False(shape.Is(2, 3, 5));
    }
}

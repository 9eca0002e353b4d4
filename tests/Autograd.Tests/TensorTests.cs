using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

public class TensorTests
{
    [Fact]
    public void A_large_tensor_of_zeros_begins_with_a_line_of_the_cache_and_a_small_one_is_zero_too()
    {
        foreach (int count in new[] { 1, 100, 32 * 1024, 1_000_003 })
        {
            ReadOnlySpan<float> values = Tensor.Zeros([count]).Values<float>();
            Assert.Equal(count, values.Length);
            Assert.Equal(-1, values.IndexOfAnyExcept(0f));
            if (count >= 32 * 1024)
                Assert.Equal(0, Unsafe.ByteOffset(ref Unsafe.NullRef<float>(), ref MemoryMarshal.GetReference(values)) % 64);
        }
    }

    [Fact]
    public void A_tensor_says_shape_type_producer_and_first_values()
    {
        Tensor x = Tensor.From(new double[,] { { 1, 2.5 }, { -3, 4 } });
        Assert.Equal("[2, 2] Float32 {1, 2.5, -3, 4}", x.ToString());
        Assert.Equal("[] Float64 {7}", Tensor.Scalar(7, DType.Float64).ToString());
        Assert.Equal("[2, 2] Float32 ← Relu {1, 2.5, 0, 4}", x.AsLeaf().Relu().ToString());
        Assert.Equal("[9] Float32, min 0, max 0, mean 0, norm 0, zeros 9, NaN 0", Tensor.Zeros([9]).ToString());
        Assert.Equal("[0, 2] Float32 {}", Tensor.Zeros([0, 2]).ToString());
        Assert.Equal("{ToString(),nq}", Display(typeof(Tensor)));
    }

    [Fact]
    public void An_operation_a_shape_and_a_tape_say_what_they_are() => Graph.OnNewThread(() =>
    {
        Tensor x = Tensor.Zeros([2, 3]).AsLeaf();
        Tensor y = x.MatMul(x, transposeOther: true);
        Assert.Equal("MatMul([2, 3], [2, 3]) → [2, 2]", y.Producer!.ToString());
        Assert.Equal("Negate([2, 3]) → not applied", OperationCatalogue.Make("Negate", [x], null).ToString());
        Assert.Equal("[2, 3]", x.Shape.ToString());
        Assert.Equal("Tape of 1 operations", Tape.Current.ToString());
        Assert.Equal("Mask [2, 2], 3 of 4 true", Mask.Causal(2).ToString());
        Assert.Equal("Indices [3] 1 0 2", new Indices([1, 0, 2]).ToString());
        foreach (Type type in new[] { typeof(Operation), typeof(Shape), typeof(Tape), typeof(Mask), typeof(Indices) })
            Assert.Equal("{ToString(),nq}", Display(type));
        GC.KeepAlive(y);
    });

    [Fact]
    public void The_index_of_a_position_leads_back_to_it()
    {
        Shape shape = [2, 3, 4];
        Assert.All(Enumerable.Range(0, shape.ElementCount), position => Assert.Equal(position, shape.Offset(shape.IndexOf(position))));
        Assert.Equal([1, 0, 2], shape.IndexOf(14));
        Assert.Empty(Shape.Scalar.IndexOf(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.IndexOf(24));
    }

    [Fact]
    public void Shapes_are_equal_where_their_sizes_are()
    {
        Shape a = [2, 3];
        Shape b = [2, 3];
        Assert.True(a == b && a.Equals(b) && a.GetHashCode() == b.GetHashCode());
        Assert.True(a != [3, 2] && a != null);
        Assert.Equal(1, Shape.Scalar.ElementCount);
        Assert.Equal(5, a.Offset(1, 2));
        Assert.Equal("Shape: [2, 3] has no element [2, 0].", Assert.Throws<ArgumentException>(() => a.Offset(2, 0)).Message);
        Assert.Equal("Shape: [2, 3] has no axis 2.", Assert.Throws<ArgumentException>(() => a[2]).Message);
    }

    [Fact]
    public void A_collection_expression_reshapes() =>
        Assert.Equal("[3, 2]", Tensor.Zeros([2, 3]).Reshape([3, 2]).Shape.ToString());

    [Fact]
    public void One_size_of_a_reshape_is_worked_out()
    {
        Tensor x = Tensor.Zeros([2, 6]);
        Assert.Equal("[3, 4]", x.Reshape(3, -1).Shape.ToString());
        Assert.Equal("Reshape: [2, 6] does not fill [5, -1] evenly.", Assert.Throws<ArgumentException>(() => x.Reshape(5, -1)).Message);
        Assert.Equal(
            "Reshape: one size may be −1, not several of [-1, 2, -1].", Assert.Throws<ArgumentException>(() => x.Reshape(-1, 2, -1)).Message);
    }

    [Fact]
    public void Values_convert_between_precisions_and_keep_a_copy()
    {
        Tensor x = Tensor.From([0.1, 2]);
        Assert.Equal((double)0.1f, x.To(DType.Float64)[0]);
        Tensor kept = x.Keep();
        x[0] = 5;
        Assert.Equal((double)0.1f, kept[0]);
        Assert.Equal(5, x.Detach()[0]);
        Assert.Equal("This tensor holds Float32, not Double.", Assert.Throws<InvalidOperationException>(() => x.Values<double>().Length).Message);
        Assert.Equal("Item: [2] has 2 elements, not one.", Assert.Throws<InvalidOperationException>(() => x.Item()).Message);
    }

    private static string Display(Type type) =>
        ((System.Diagnostics.DebuggerDisplayAttribute)Attribute.GetCustomAttribute(type, typeof(System.Diagnostics.DebuggerDisplayAttribute))!).Value;

    [Fact]
    public void Numbers_stand_on_either_side_of_an_operator()
    {
        Tensor x = Tensor.From([2.0, 49.0]);

        Assert.Equal([3, 50], (1 + x).ToDoubles());
        Assert.Equal((x + 1).ToDoubles(), (1 + x).ToDoubles());
        Assert.Equal(1, (x / 49)[1]);
    }
}

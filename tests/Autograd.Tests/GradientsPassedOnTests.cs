using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests;

/// <summary>
/// A gradient that goes on unchanged is handed over inside a step, not copied, and a part of a leaf is added to that part of the
/// leaf's gradient. Neither is to be seen in a number.
/// </summary>
public class GradientsPassedOnTests
{
    private readonly Tensor x = Tensor.Normal([4, 3], new RandomKey(3, 1, 0, 0)).AsLeaf();
    private readonly Tensor weight = Tensor.Normal([4, 3], new RandomKey(3, 2, 0, 0)).AsLeaf();

    [Fact]
    public void Gradients_are_the_same_bits_in_a_step_outside_of_one_and_recorded()
    {
        long[][] outside = Gradients();
        using (new Step())
            Assert.Equal(outside, Gradients());
        using Recorder recorder = new();
        Assert.Equal(outside, Gradients());
        using (new Step())
            Assert.Equal(outside, Gradients());

        long[][] Gradients()
        {
            x.ZeroGradient();
            weight.ZeroGradient();
            // Residuals, a sum of a tensor with itself, reshapes, and an input that has a gradient already.
            Tensor h = x.Tanh();
            Tensor y = (h + h) + (h * weight).Reshape(3, 4).Reshape(4, 3);
            y = y - (h + y) + h.Reshape(12).Reshape(4, 3);
            (y * y).Sum().Backward();
            return [Graph.Bits(x.Gradient!), Graph.Bits(weight.Gradient!)];
        }
    }

    [Fact]
    public void A_gradient_that_was_read_or_is_kept_never_becomes_another_tensors()
    {
        using Step step = new();
        Tensor h = x.Tanh();
        Tensor y = h + weight;
        Tensor z = y + 1;
        y.KeepsGradient = true;
        Tensor? read = null;
        double[] before = [];
        foreach (Operation operation in (z.Sum() + (h * 2).Sum()).BackwardSteps())
        {
            if (operation.Kind == "Sum" && z.Gradient is { } gradient)
            {
                read = gradient;
                before = gradient.ToDoubles();
            }
        }

        Assert.All(y.Gradient!.ToDoubles(), value => Assert.Equal(1, value));
        Assert.All(before, value => Assert.Equal(1, value));
        Assert.Throws<ObjectDisposedException>(() => read!.ToDoubles());
    }

    [Fact]
    public void Parts_of_a_leaf_add_up_to_what_the_same_parts_of_a_copy_give()
    {
        // The parts overlap, one is used twice, one row is left out.
        Assert.Equal(Of(weight), Of(weight.Scale(1)));
        using Step step = new();
        Assert.Equal(Of(weight), Of(weight.Scale(1)));

        double[] Of(Tensor all)
        {
            weight.ZeroGradient();
            Tensor y = (all.Slice(0, 0, 2) * 2).Sum() + (all.Slice(0, 1, 2) * x.Slice(0, 0, 2)).Sum() + (all.Slice(0, 0, 2) * 3).Sum();
            y.Backward();
            double[] gradient = weight.Gradient!.ToDoubles();
            Assert.All(gradient[9..], value => Assert.Equal(0, value));
            return gradient;
        }
    }

    [Fact]
    public void A_part_adds_to_the_gradient_of_the_step_before_and_starts_anew_where_that_is_zeroed()
    {
        weight.Sum().Backward();
        weight.Slice(0, 1, 1).Sum().Backward();
        Assert.Equal([1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1], weight.Gradient!.ToDoubles());
        weight.ZeroGradient();
        weight.Slice(0, 1, 1).Sum().Backward();
        Assert.Equal([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], weight.Gradient!.ToDoubles());
    }

    [Fact]
    public void With_a_recorder_the_same_bits_are_added_and_each_part_is_recorded_in_full()
    {
        // −0 in what arrives first: it stays, for a part adds nothing elsewhere.
        Tensor sign = Tensor.Full([4, 3], -0.0);
        long[] unrecorded = Gradient();
        using Recorder recorder = new();
        Assert.Equal(unrecorded, Gradient());
        Assert.Contains(BitConverter.DoubleToInt64Bits(-0.0), unrecorded);
        IReadOnlyList<Contribution> parts =
            [.. recorder.ToRecording().Timeline.Where(entry => entry.Operation?.Kind == "Slice").SelectMany(entry => entry.Contributions)];
        Assert.Equal(2, parts.Count);
        Assert.All(parts, part => Assert.Equal([4, 3], part.Values.Shape));
        Assert.Equal([0, 0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0], parts[0].Values.Tensor.ToDoubles());

        long[] Gradient()
        {
            using Step step = new();
            weight.ZeroGradient();
            ((weight.Slice(0, 3, 1) * 3).Sum() + (weight.Slice(0, 2, 1) * 2).Sum() + (weight * sign).Sum()).Backward();
            return Graph.Bits(weight.Gradient!);
        }
    }

    [Fact]
    public void A_part_that_fails_leaves_no_gradient_begun()
    {
        Tensor y = (weight.Slice(0, 1, 1) * x.Slice(0, 0, 1)).Sum();
        x.Fill(0);
        Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Null(weight.Gradient);
    }
}

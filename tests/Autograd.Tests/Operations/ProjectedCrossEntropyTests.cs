using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Operations;

/// <summary>The last projection and its loss in one: as projection and loss one after the other, in slices, ahead of time or not.</summary>
[Collection(RunsAlone.Name)]
public class ProjectedCrossEntropyTests
{
    private const int Ignored = 3;

    // Enough logits for three slices.
    private static readonly (int Rows, int Size, int Classes) Large = (700, 8, 16500);

    [Fact]
    public void Rows_are_cut_into_slices_of_nearly_the_same_size()
    {
        Assert.Equal(10, ProjectionSlices<float>.RowsInSlice(10, 4));
        Assert.Equal(400, ProjectionSlices<float>.RowsInSlice(2400, 10_000));
        Assert.Equal(234, ProjectionSlices<float>.RowsInSlice(Large.Rows, Large.Classes));
        Assert.Equal(250, ProjectionSlices<float>.RowsInSlice(500, 1_000_000));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_slices_give_what_projection_and_loss_give_one_after_the_other(bool plain)
    {
        (int Rows, int Size, int Classes) sizes = plain ? (300, 4, 14500) : Large;
        bool before = Execution.Plain;
        try
        {
            Execution.Plain = plain;
            Tensor[] leaves = Leaves(sizes, DType.Float32);
            Indices targets = Targets(sizes);
            Tensor fused = leaves[0].ProjectedCrossEntropy(leaves[1], leaves[2], targets, 0.1, Ignored);
            fused.Backward();
            double[][] own = [.. leaves.Select(leaf => leaf.Gradient!.ToDoubles())];
            foreach (Tensor leaf in leaves)
                leaf.ZeroGradient();
            Tensor composed = leaves[0].Linear(leaves[1], leaves[2]).CrossEntropy(targets, 0.1, Ignored);
            composed.Backward();
            Assert.Equal(composed.Item(), fused.Item(), 1e-5);
            for (int i = 0; i < leaves.Length; i++)
                Graph.AssertClose(leaves[i].Gradient!.ToDoubles(), own[i], 1e-4);
        }
        finally
        {
            Execution.Plain = before;
        }
    }

    [Fact]
    public void One_two_and_three_threads_give_the_same_bits()
    {
        int before = Execution.ThreadCount;
        try
        {
            Execution.ThreadCount = 1;
            long[] one = Bits(Large);
            Execution.ThreadCount = 2;
            Assert.Equal(one, Bits(Large));
            Execution.ThreadCount = 3;
            Assert.Equal(one, Bits(Large));
        }
        finally
        {
            Execution.ThreadCount = before;
        }
    }

    [Fact]
    public void With_a_recorder_the_gradients_are_made_in_the_backward_pass_and_are_the_same_bits()
    {
        (int, int, int) sizes = (20, 5, 11);
        long[] without = Bits(sizes);
        using Recorder recorder = new();
        Assert.Equal(without, Bits(sizes));
        RecordedOperation operation = Assert.Single(recorder.ToRecording().Operations, one => one.Kind == "ProjectedCrossEntropy");
        Assert.Equal(["logSumExp"], operation.Saved.Keys);
    }

    [Fact]
    public void A_second_backward_pass_over_a_kept_graph_doubles_the_gradients()
    {
        Tensor[] leaves = Leaves((6, 3, 4), DType.Float64);
        Tensor loss = leaves[0].ProjectedCrossEntropy(leaves[1], leaves[2], new Indices([0, 1, 2, 3, 3, 1]), 0.2, Ignored) * 3;
        loss.Backward(keepGraph: true);
        double[][] once = [.. leaves.Select(leaf => leaf.Gradient!.ToDoubles())];
        loss.Backward();
        for (int i = 0; i < leaves.Length; i++)
            Graph.AssertClose([.. once[i].Select(value => 2 * value)], leaves[i].Gradient!.ToDoubles(), 1e-15);
    }

    [Fact]
    public void Without_a_gradient_scope_the_loss_is_the_same_and_nothing_is_kept_but_the_normalizers()
    {
        Tensor[] leaves = Leaves((6, 3, 4), DType.Float64);
        Indices targets = new([0, 1, 2, 3, 3, 1]);
        CrossEntropyAttributes attributes = new(targets, 0.2, Ignored);
        double loss = leaves[0].ProjectedCrossEntropy(leaves[1], leaves[2], targets, 0.2, Ignored).Item();
        using NoGradient scope = new();
        ProjectedCrossEntropy operation = new(leaves[0], leaves[1], leaves[2], attributes);
        Assert.Equal(loss, operation.Apply().Item());
        Assert.Equal("logSumExp", Assert.Single(operation.Saved).Name);
        Assert.Equal([3, 4], Enumerable.Range(0, 6).Where(row => operation.Saved[0].Values.ValueAt(row) == 0));
    }

    [Fact]
    public void An_input_that_wants_its_gradient_only_after_the_forward_pass_gets_the_right_one()
    {
        Tensor[] leaves = Leaves((5, 3, 4), DType.Float64);
        Indices targets = new([0, 1, 2, 3, 1]);
        leaves[0].ProjectedCrossEntropy(leaves[1], leaves[2], targets).Backward();
        Tensor late = leaves[1].Detach().Keep();
        Tensor loss = leaves[0].ProjectedCrossEntropy(late, leaves[2], targets);
        late.RequiresGradient = true;
        loss.Backward();
        Assert.Equal(leaves[1].Gradient!.ToDoubles(), late.Gradient!.ToDoubles());
    }

    [Fact]
    public void Shapes_and_targets_that_do_not_fit_are_named()
    {
        Tensor x = Tensor.Zeros([2, 3]);
        Tensor weight = Tensor.Zeros([4, 3]);
        Tensor bias = Tensor.Zeros([4]);
        Throws("x is [.., modelSize] and the weight [classes, modelSize], not x [2, 3] and weight [3, 4]", () => x.ProjectedCrossEntropy(Tensor.Zeros([3, 4]), null, new Indices([0, 1])));
        Throws("the bias is [4] as the weight [4, 3] has it, not [3]", () => x.ProjectedCrossEntropy(weight, Tensor.Zeros([3]), new Indices([0, 1])));
        Throws("x is [.., modelSize] and targets [..], not [2, 3] and [3]", () => x.ProjectedCrossEntropy(weight, bias, new Indices([0, 1, 2])));
        Throws("every one of the targets [2] is ignored, the mean has no term", () => x.ProjectedCrossEntropy(weight, bias, new Indices([1, 1]), ignoredTarget: 1));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => x.ProjectedCrossEntropy(weight, bias, new Indices([0, 4])));
        Assert.Contains("target 4 of row 1 is none of 4 classes", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.ProjectedCrossEntropy(weight, bias, new Indices([0, 1]), labelSmoothing: 1.5));
    }

    private static void Throws(string rule, Func<Tensor> function) =>
        Assert.Equal($"ProjectedCrossEntropy: {rule}", Assert.Throws<ArgumentException>(() => _ = function()).Message);

    private static Tensor[] Leaves((int Rows, int Size, int Classes) sizes, DType dtype) =>
    [
        Tensor.Normal([sizes.Rows, sizes.Size], new RandomKey(1, 1, 0, 0), 0, 1, dtype).AsLeaf(),
        Tensor.Normal([sizes.Classes, sizes.Size], new RandomKey(1, 2, 0, 0), 0, 1, dtype).AsLeaf(),
        Tensor.Normal([sizes.Classes], new RandomKey(1, 3, 0, 0), 0, 1, dtype).AsLeaf(),
    ];

    private static Indices Targets((int Rows, int Size, int Classes) sizes) =>
        new([.. Enumerable.Range(0, sizes.Rows).Select(row => row % 7 == 2 ? Ignored : row * 31 % sizes.Classes)]);

    private static long[] Bits((int Rows, int Size, int Classes) sizes)
    {
        Tensor[] leaves = Leaves(sizes, DType.Float32);
        Tensor loss = leaves[0].ProjectedCrossEntropy(leaves[1], leaves[2], Targets(sizes), 0.1, Ignored);
        (loss * 0.7).Backward();
        return [.. leaves.SelectMany(leaf => Graph.Bits(leaf.Gradient!)), .. Graph.Bits(loss)];
    }
}

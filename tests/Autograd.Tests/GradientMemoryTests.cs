using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

/// <summary>A gradient that can be read is one that a backward pass has finished.</summary>
public class GradientMemoryTests
{
    private readonly Tensor x = Tensor.From([1.0, 2.0, 3.0]).AsLeaf();

    [Fact]
    public void A_backward_pass_that_fails_leaves_no_gradient_of_the_step_before()
    {
        (x * x).Sum().Backward();
        x.ZeroGradient();
        Tensor loss = (x * x).Sum();
        x[0] = 9;

        Assert.Throws<InvalidOperationException>(() => loss.Backward());

        Assert.Null(x.Gradient);
    }

    [Fact]
    public void A_gradient_that_a_graph_reads_is_not_overwritten_unseen()
    {
        (x * x).Sum().Backward();
        Tensor w = Tensor.From([1.0, 1.0, 1.0]).AsLeaf();
        Tensor y = (w * x.Gradient!).Sum();
        x.ZeroGradient();
        x.Sum().Backward();

        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void A_leafs_gradient_can_be_the_output_gradient_of_the_next_pass()
    {
        x.Sum().Backward();
        Tensor ones = x.Gradient!;
        x.ZeroGradient();

        // Its memory is that of x's next gradient.
        (x * x.Exp()).Backward(ones);

        // ∂(x exp x)/∂x = (1 + x) exp x
        for (int i = 0; i < 3; i++)
            Assert.Equal((1 + x[i]) * Math.Exp(x[i]), x.Gradient![i], 1e-4);
    }

    [Fact]
    public void A_backward_pass_that_fails_leaves_nothing_spent_on_the_tape()
    {
        Tensor w = Tensor.From([1.0, 1.0, 1.0]).AsLeaf();
        Tensor product = x * w;
        Tensor loss = product.Sum();
        w[0] = 2;

        Assert.Throws<InvalidOperationException>(() => loss.Backward());

        Assert.DoesNotContain(loss.Producer!, Tape.Current.Operations);
        Assert.Contains(product.Producer!, Tape.Current.Operations);
    }

    [Fact]
    public void Steps_that_are_given_up_halfway_leave_the_tape()
    {
        Tensor loss = x.Exp().Sum();
        Tape tape = Tape.Current;
        int before = tape.Operations.Count;

        foreach (Operation operation in loss.BackwardSteps())
        {
            Assert.Equal("Sum", operation.Kind);
            break;
        }

        Assert.Equal(before - 1, tape.Operations.Count);
        GC.KeepAlive(loss);
    }

    [Fact]
    public void The_end_of_a_step_is_named_where_the_loss_is_a_view_of_memory_that_lasts()
    {
        Tensor loss;
        using (new Step())
            loss = Tensor.Full([1, 1], 2).AsLeaf().Reshape(1);

        ObjectDisposedException error = Assert.Throws<ObjectDisposedException>(() => loss.Backward());
        Assert.Contains("the step in which Reshape was computed has ended", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_is_not_made_on_memory_that_ends_with_its_step()
    {
        using Step step = new();
        Assert.Throws<ArgumentException>(() => new Leaf(x.Detach().Exp()));
        Assert.Throws<ArgumentException>(() => new Leaf(x * x));
        Assert.Equal([1, 2, 3], new Leaf(x.Detach()).ToDoubles());
    }

    private sealed class Leaf(Tensor values) : Tensor(values);
}

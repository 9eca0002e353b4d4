using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

public class BackwardTests
{
    private readonly Tensor x = Tensor.From([1.0, -2, 3], dtype: DType.Float64).AsLeaf();

    [Fact]
    public void A_given_gradient_is_neither_changed_nor_taken_away()
    {
        // Its memory must not pass to an input's gradient, to which more is added: L = Σ gᵢ (x + x + 2x)ᵢ
        using Step step = new();
        Tensor x = Tensor.From([1.0, 2, 3], dtype: DType.Float64).AsLeaf();
        Tensor doubled = x * 2.0;
        Tensor given = Tensor.From([5.0, 7, 9], dtype: DType.Float64);
        (x + x + doubled).Reshape(3, 1).Reshape(3).Backward(given);
        Assert.Equal([5.0, 7, 9], given.ToDoubles());
        Assert.Equal([20.0, 28, 36], x.Gradient!.ToDoubles());

        // A gradient of a step's own memory lives on, too.
        Tensor rented = given * 1.0;
        Tensor y = x + x;
        y.Backward(rented);
        Assert.Equal([5.0, 7, 9], rented.ToDoubles());

        // Where the gradient is kept, it is a copy.
        Tensor kept = x + x;
        kept.KeepsGradient = true;
        kept.Backward(given);
        given.Fill(0);
        Assert.Equal([5.0, 7, 9], kept.Gradient!.ToDoubles());
    }

    [Fact]
    public void Gradients_add_up_over_backward_passes_until_they_are_zeroed()
    {
        (x * x).Sum().Backward();
        (x * 10).Sum().Backward();
        Assert.Equal([12, 6, 16], x.Gradient!.ToDoubles());
        x.ZeroGradient();
        Assert.Null(x.Gradient);
        (x * 10).Sum().Backward();
        Assert.Equal([10, 10, 10], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_kept_graph_is_walked_twice_and_each_pass_counts_once()
    {
        Tensor square = x * x;
        Tensor loss = (square * 3).Sum();
        loss.Backward(keepGraph: true);
        Assert.Equal([3, 3, 3], square.Gradient!.ToDoubles());
        loss.Backward();
        Assert.Equal([12, -24, 36], x.Gradient!.ToDoubles());
        Assert.Equal([3, 3, 3], square.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_shared_subexpression_gets_the_gradients_of_all_its_uses()
    {
        // s = x², L = Σ s² + s: dL/dx = (2s + 1) 2x
        Tensor s = x * x;
        ((s * s) + s).Sum().Backward();
        Assert.Equal([6, -36, 114], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void Two_losses_that_share_a_part_are_walked_when_the_first_keeps_the_graph()
    {
        Tensor s = x * x;
        Tensor first = s.Sum();
        Tensor second = (s * 2).Sum();
        first.Backward(keepGraph: true);
        second.Backward();
        Assert.Equal([6, -12, 18], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void Only_what_the_loss_depends_on_is_walked()
    {
        Tensor other = Tensor.Scalar(1, DType.Float64).AsLeaf();
        Tensor unused = other * other;
        x.Sum().Backward();
        Assert.Null(other.Gradient);
        unused.Backward();
        Assert.Equal(2, other.Gradient!.Item());
    }

    [Fact]
    public void The_gradient_of_a_tensor_is_weighted_by_the_given_one()
    {
        (x * x).Backward(Tensor.From([1.0, 0, 10], dtype: DType.Float64));
        Assert.Equal([2, 0, 60], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_leaf_is_its_own_loss()
    {
        Tensor leaf = Tensor.Scalar(3).AsLeaf();
        leaf.Backward();
        leaf.Backward();
        Assert.Equal(2, leaf.Gradient!.Item());
    }

    [Fact]
    public void Nothing_is_recorded_without_gradients_or_behind_Detach()
    {
        Tensor hidden;
        using (new NoGradient())
        {
            using (new NoGradient())
            {
            }

            Assert.True(NoGradient.IsActive);
            hidden = x * x;
        }

        Assert.False(NoGradient.IsActive);
        Assert.False(hidden.RequiresGradient);
        Assert.Null(hidden.Producer);
        Assert.False(x.Detach().RequiresGradient);
        // L = Σ x · (x held fixed): dL/dx = x, not 2x
        (x * x.Detach()).Sum().Backward();
        Assert.Equal([1, -2, 3], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void An_input_that_wants_no_gradient_gets_none()
    {
        Tensor constant = Tensor.From([1.0, 2, 3], dtype: DType.Float64);
        (x * constant).Sum().Backward();
        Assert.Null(constant.Gradient);
        Assert.Null((constant * constant).Producer);
    }

    [Fact]
    public void Stepping_runs_one_operation_at_a_time_and_ends_as_Backward_does()
    {
        Tensor square = x * x;
        Tensor loss = square.Exp().Sum();
        List<string> kinds = [];
        foreach (Operation operation in loss.BackwardSteps())
        {
            kinds.Add(operation.Kind);
            Assert.Equal(operation.Kind == "Multiply", x.Gradient is not null);
        }

        Assert.Equal(["Sum", "Exp", "Multiply"], kinds);
        double[] stepped = x.Gradient!.ToDoubles();
        x.ZeroGradient();
        (x * x).Exp().Sum().Backward();
        Assert.Equal(x.Gradient!.ToDoubles(), stepped);
    }

    [Fact]
    public void Stepping_goes_on_where_it_was_after_another_backward_pass_in_between()
    {
        // The other graph lies before, between and behind this one on the tape; its end moves this one's operations.
        Tensor other = Tensor.Scalar(2, DType.Float64).AsLeaf();
        Tensor before = other * other;
        Tensor square = x * x;
        Tensor between = before * other;
        Tensor loss = square.Sum();
        Tensor behind = between * 2;
        List<string> kinds = [];
        foreach (Operation operation in loss.BackwardSteps(keepGraph: true))
        {
            kinds.Add(operation.Kind);
            if (kinds.Count == 1)
                behind.Backward();
        }

        Assert.Equal(["Sum", "Multiply"], kinds);
        Assert.Equal([2, -4, 6], x.Gradient!.ToDoubles());
        Assert.Equal(24, other.Gradient!.Item());
    }

    [Fact]
    public void Stepping_begins_at_the_loss_though_another_backward_pass_came_first()
    {
        Tensor other = (x * 5).Sum();
        IEnumerable<Operation> steps = (x * x).Sum().BackwardSteps();
        other.Backward();
        Assert.Equal(["Sum", "Multiply"], steps.Select(operation => operation.Kind));
        Assert.Equal([7, 1, 11], x.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_user_writes_an_operation_and_checks_it()
    {
        Tensor y = new Cube(x).Apply();
        Assert.Equal([1, -8, 27], y.ToDoubles());
        Assert.Equal("Cube([3]) → [3]", y.Producer!.ToString());
        Assert.Equal("square", y.Producer.Saved.Single().Name);
        Transformer.Autograd.Debugging.GradientCheck.Run(() => new Cube(x).Apply(), x).ThrowIfFailed();
    }

    // yᵢ = xᵢ³        ∂L/∂xᵢ = 3 xᵢ² ∂L/∂yᵢ, with xᵢ² saved, by public members alone
    private sealed class Cube(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        private Tensor Square => Save("square", x.Shape);

        protected override void Forward<T>(Span<T> y)
        {
            double[] squares = [.. x.ToDoubles().Select(value => value * value)];
            Square.CopyFrom(Tensor.From(squares, x.Shape, x.DType));
            for (int i = 0; i < y.Length; i++)
                y[i] = Values<T>(x)[i] * Values<T>(Square)[i];
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> dx = ContributionTo<T>(x);
            for (int i = 0; i < dx.Length; i++)
                dx[i] = dy[i] * T.CreateChecked(3) * Values<T>(Square)[i];
        }
    }
}

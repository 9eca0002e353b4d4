using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>Names find the numbers that they mean, or say what else there is.</summary>
public class AddressTests
{
    [Theory]
    [InlineData("x", "{0.5, -1.25, 3}")]
    [InlineData("x[1]", "-1.25")]
    [InlineData("x[-1]", "3")]
    [InlineData("x [0:2]", "{0.5, -1.25}")]
    [InlineData("x[:]", "{0.5, -1.25, 3}")]
    [InlineData("x[1:]", "{-1.25, 3}")]
    [InlineData("leaf0", "{0.5, -1.25, 3}")]
    [InlineData("#1", "{0.25, 1.5625, 9}")]
    [InlineData("#1.in1", "{0.5, -1.25, 3}")]
    [InlineData("#1.in1.grad", "{0.5, -1.25, 3}")]
    [InlineData("#1.grad", "{1, 1, 1}")]
    [InlineData("#2.in0.grad[2]", "0.00986604")]
    [InlineData("loss.grad", "1")]
    public void An_address_finds_values_gradients_inputs_and_contributions(string address, string shown)
    {
        DebugSession session = new(Recorded.Squares());
        session.Do("goto end");
        Assert.EndsWith($" = {shown}", session.Do("watch " + address), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_name_wins()
    {
        DebugSession session = new(Recorded.Of(() =>
        {
            Tensor x = Tensor.Scalar(2, DType.Float64).AsLeaf().Named("x");
            Tensor strange = Tensor.Scalar(5, DType.Float64).AsLeaf().Named("x.grad");
            (x * strange).Backward();
        }));
        session.Do("goto end");
        Assert.Equal("x.grad = 5", session.Do("print x.grad"));
        Assert.Equal("x.grad.grad = 2", session.Do("print x.grad.grad"));
        Assert.Equal("x.grad = 5", session.Do("print leaf0.grad").Replace("leaf0.grad", "x.grad", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_names_are_refused_with_what_they_may_mean()
    {
        DebugSession session = new(Recorded.Of(() =>
        {
            Tensor x = Tensor.Scalar(2, DType.Float64).AsLeaf().Named("a.x");
            Tensor y = x.Tanh().Named("y");
            (y.Exp().Named("y") * x).Backward();
        }));
        string error = session.Fail("print y");
        Assert.Contains("y may be one of 2: #1, #2", error, StringComparison.Ordinal);
        session.Do("goto end");
        Assert.Equal("#2 = 2.62224", session.Do("print #2"));
        // The end of a path will do where it is the only one.
        Assert.Equal("a.x = 2", session.Do("print x"));
    }

    [Fact]
    public void Saved_values_have_names()
    {
        DebugSession session = new(Recorded.Of(() =>
        {
            Tensor x = Tensor.From([1, 3, 10, 20], [2, 2], DType.Float64).AsLeaf().Named("x");
            x.Variance([-1]).Sum().Backward();
        }));
        Assert.Equal("#1.mean [2] Float64  (computed at event 1, after this place)\n  2  15", session.Do("print #1.mean"));
        session.Do("goto 1");
        Assert.Equal("#1.mean[1] = 15", session.Do("print #1.mean[1]"));
        Assert.Contains("#1.mean", session.Complete("print #1."));
    }

    [Theory]
    [InlineData("print scoers", "did you mean scores")]
    [InlineData("print attention", "there is no tensor attention")]
    [InlineData("print s*", "names several tensors")]
    [InlineData("print #99", "there is no tensor #99")]
    [InlineData("print scores.in7", "there is no tensor scores.in7")]
    [InlineData("print scores[0, 0, 0]", "3 indices for a tensor of 2 axes, [2, 3]")]
    [InlineData("print scores[0, 2:9]", "outside axis 1")]
    public void What_is_not_there_is_refused_with_what_was_perhaps_meant(string line, string reason) =>
        Assert.Contains(reason, new DebugSession(Recorded.Attention()).Fail(line), StringComparison.Ordinal);

    [Fact]
    public void A_gradient_is_what_has_arrived_up_to_the_cursor()
    {
        DebugSession session = new(Recorded.Squares());
        Assert.Equal("x.grad: nothing has arrived up to event 0; event 8 is the next to bring something", session.Do("print x.grad"));
        session.Do("goto 8");
        Assert.Contains("0.786448", session.Do("print x.grad"), StringComparison.Ordinal);
        session.Do("goto 9");
        Assert.Contains("1.78645", session.Do("print x.grad"), StringComparison.Ordinal);
        session.Do("goto 1");
        Assert.Contains("(computed at event 2, after this place)", session.Do("print #2"), StringComparison.Ordinal);
    }
}

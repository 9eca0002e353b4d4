using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>Formulas, checks, causes, what-ifs and comparisons, as the session puts them.</summary>
public class UnderstandingTests
{
    [Fact]
    public void Explain_shows_the_formula_with_the_numbers_of_one_element()
    {
        DebugSession session = new(Recorded.Squares());
        Assert.Contains("#1 Multiply", session.Do("explain #1[2]"), StringComparison.Ordinal);
        Assert.Contains("= 9", session.Do("explain #1[2]"), StringComparison.Ordinal);
        session.Do("goto 1");
        // The largest element without being told which.
        Assert.Equal(session.Do("explain #1[2]"), session.Do("explain"));
        session.Do("goto end");
        string gradient = session.Do("explain x.grad[1]");
        Assert.Contains("event 8, backward #2 Tanh", gradient, StringComparison.Ordinal);
        // One contribution of tanh, two of x ⊙ x.
        Assert.Equal(3, gradient.Split(", backward").Length - 1);
        Assert.Contains("together x.grad[1] = -2.21959", gradient, StringComparison.Ordinal);
        Assert.Contains("is a leaf", session.Fail("explain x"), StringComparison.Ordinal);
        session.Do("goto 2");
        Assert.Contains("nothing has arrived", session.Do("explain x.grad[1]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Jacobian_shows_the_derivatives_of_the_present_operation()
    {
        DebugSession session = new(Recorded.Squares());
        session.Do("goto 2");
        string[] lines = session.Do("jacobian").Split('\n');
        Assert.Equal("∂#2/∂x of #2 Tanh [3, 3]", lines[0]);
        Assert.Equal(["0.786448", "0", "0"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("has the inputs 0 to 0", session.Fail("jacobian 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Fd_agrees_with_a_right_gradient()
    {
        DebugSession session = new(Recorded.Squares()) { UsesColor = true };
        string text = session.Do("fd x[1]");
        Assert.StartsWith("\u001b[32m", text, StringComparison.Ordinal);
        Assert.Contains("-2.2195", text, StringComparison.Ordinal);
        Assert.Equal(text, session.Do("fd x.grad[1]"));
        Assert.Contains("name one element, as in fd x[0]", session.Fail("fd x"), StringComparison.Ordinal);
        session.Do("break fd > 1e-4");
        session.Do("continue");
        Assert.Equal(9, session.Cursor);
    }

    [Fact]
    public void A_breakpoint_on_fd_says_which_operation_it_cannot_run()
    {
        Recording recording = Recorded.Of(() =>
        {
            Tensor x = Tensor.From([0.5, 2], dtype: DType.Float64).AsLeaf().Named("x");
            new Stranger(x.Tanh()).Apply().Sum().Backward();
        });
        DebugSession session = new(recording);
        session.Do("break fd > 1e-4");
        Assert.Contains("Stranger", session.Fail("continue"), StringComparison.Ordinal);
        Assert.Equal(0, session.Cursor);
        session.Do("delete 1");
        session.Do("break fd < 1e-4 if kind != Stranger and kind != Sum");
        Assert.Contains("#1 Tanh", session.Do("continue"), StringComparison.Ordinal);
        Assert.Equal(7, session.Cursor);
    }

    // An operation that no catalogue knows; y = 2x, and its derivative forgets the factor.
    private class Stranger(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = Values<T>(x)[i] + Values<T>(x)[i];
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy) => dy.CopyTo(ContributionTo<T>(x));
    }

    private sealed class Forgetful(Tensor x) : Stranger(x);

    [Fact]
    public void A_wrong_derivative_is_found_and_turns_red()
    {
        OperationCatalogue.Register(nameof(Forgetful), (inputs, _) => new Forgetful(inputs[0]));
        DebugSession session = new(Recorded.Of(() =>
        {
            Tensor x = Tensor.From([0.5, 2], dtype: DType.Float64).AsLeaf().Named("x");
            new Forgetful(x.Tanh()).Apply().Sum().Backward();
        }))
        { UsesColor = true };
        session.Do("break fd > 1e-4");
        Assert.Contains("#2 Forgetful", session.Do("continue"), StringComparison.Ordinal);
        Assert.Equal(6, session.Cursor);
        session.Do("end");
        Assert.StartsWith("\u001b[31m", session.Do("fd x[0]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Why_names_the_way_and_the_cause()
    {
        DebugSession session = new(Recorded.NonFinite());
        Assert.Contains("#1 Log", session.Do("why nan"), StringComparison.Ordinal);
        Assert.Contains("Recorded.cs:", session.Do("why nan"), StringComparison.Ordinal);
        DebugSession squares = new(Recorded.Squares());
        // Of a leaf one asks why its gradient is what it is.
        Assert.Equal(squares.Do("why x.grad[2]"), squares.Do("why x[2]"));
        Assert.Contains("#1 Multiply", squares.Do("why x[2]"), StringComparison.Ordinal);
        Assert.Contains("#4", squares.Do("why loss"), StringComparison.Ordinal);
    }

    [Fact]
    public void Set_goes_on_with_a_replay_and_unset_returns()
    {
        Recording recording = Recorded.Squares();
        DebugSession session = new(recording);
        session.Do("goto end");
        string text = session.Do("set x[0] = 2");
        // Σ (x² + tanh x) before and after: 4 − 0.25 + tanh 2 − tanh 0.5 more.
        Assert.Contains("loss 11.4214 → 15.6733", text, StringComparison.Ordinal);
        Assert.Contains("changed most", text, StringComparison.Ordinal);
        Assert.Equal((9, "x[0] = 2"), (session.Cursor, session.Do("print x[0]")));
        Assert.Equal("x.grad[0] = 4.07065", session.Do("print x.grad[0]"));
        session.Do("set x[1] = 0");
        Assert.Contains("set: x[0] = 2, x[1] = 0", session.Do("info"), StringComparison.Ordinal);
        Assert.Equal("x = {2, 0, 3}", session.Do("watch x")[9..]);
        session.Do("unset");
        Assert.Same(recording, session.Recording);
        Assert.EndsWith("x = {0.5, -1.25, 3}", session.Do("where"), StringComparison.Ordinal);
        Assert.Contains("nothing was set", session.Fail("unset"), StringComparison.Ordinal);
        Assert.Contains("gradients follow", session.Fail("set x.grad[0] = 1"), StringComparison.Ordinal);
        Assert.Contains("name one element", session.Fail("set x = 1"), StringComparison.Ordinal);
    }

    // A replay begins at the leaves: without this it would check the gradient of what was recorded, and call it right.
    [Fact]
    public void Fd_refuses_to_check_what_follows_from_a_set_output()
    {
        DebugSession session = new(Recorded.Squares());
        session.Do("set x[0] = 2");
        Assert.StartsWith("x[0]: gradient and finite difference agree", session.Do("fd x[0]"), StringComparison.Ordinal);
        session.Do("set #2[1] = 3");
        Assert.Contains("without #2[1] = 3: 'unset' first", session.Fail("fd x[0]"), StringComparison.Ordinal);
        session.Do("unset");
        session.Do("fd x[0]");
    }

    [Fact]
    public void Into_a_fused_operation_steps_through_its_composed_form_and_out_returns()
    {
        Recording recording = Recorded.Of(() =>
        {
            Tensor x = Tensor.From([1, 2, 4, 0.5, -1, 3], [2, 3], DType.Float64).AsLeaf().Named("x");
            Tensor weight = Tensor.From([1, 0.5, 2], dtype: DType.Float64).AsLeaf().Named("weight");
            Tensor bias = Tensor.From([0.0, 1, 0], dtype: DType.Float64).AsLeaf().Named("bias");
            x.LayerNorm(weight, bias, 1e-5).Tanh().Sum().Backward();
        });
        DebugSession session = new(recording);
        session.Do("next");
        string text = session.Do("into");
        Assert.StartsWith("inside #1 LayerNorm:", text, StringComparison.Ordinal);
        Assert.Equal("#1 LayerNorm", session.Inside);
        Assert.NotSame(recording, session.Recording);
        Assert.Equal(0, session.Cursor);
        Assert.Contains("inside #1 LayerNorm", session.Do("next"), StringComparison.Ordinal);
        session.Do("end");
        Assert.StartsWith("x.grad [2, 3]", session.Do("print x.grad"), StringComparison.Ordinal);
        Assert.Contains("leave the fused operation", session.Fail("set x[0, 0] = 1"), StringComparison.Ordinal);
        Assert.StartsWith("event 1 of ", session.Do("out"), StringComparison.Ordinal);
        Assert.Same(recording, session.Recording);
        session.Do("next");
        Assert.Contains("no module is entered", session.Fail("into"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_saved_compares_equal_until_something_is_set()
    {
        string file = Path.Combine(Path.GetTempPath(), $"session {Guid.NewGuid():N}.safetensors");
        try
        {
            DebugSession session = new(Recorded.Squares());
            session.Do($"save \"{file}\"");
            Assert.Equal("the same, to the last bit", session.Do($"compare \"{file}\""));
            session.Do("set x[0] = 0.5000001");
            Assert.StartsWith("first event ", session.Do($"compare \"{file}\""), StringComparison.Ordinal);
            Assert.Equal("the same within the tolerance", session.Do($"compare \"{file}\" 1e-3"));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Contains("no-such-file", new DebugSession(Recorded.Squares()).Fail("compare no-such-file"), StringComparison.Ordinal);
    }
}

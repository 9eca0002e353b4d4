using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>While something is set, no answer takes it for what the program computed.</summary>
public class WhatIfTests
{
    // L = Σ (2x)²
    private static DebugSession Doubled() => new(Recorded.Of(() =>
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor doubled = (x * 2).Named("doubled");
        (doubled * doubled).Sum().Backward();
    }));

    [Fact]
    public void A_place_says_what_is_set()
    {
        DebugSession session = Doubled();
        session.Do("set x[0] = 2");
        Assert.EndsWith("what if x[0] = 2", session.Do("where"), StringComparison.Ordinal);
        Assert.Contains("what if x[0] = 2\n", session.Do("next"), StringComparison.Ordinal);
        Assert.DoesNotContain("what if", session.Do("unset"), StringComparison.Ordinal);
    }

    [Fact]
    public void Set_says_which_detached_copy_does_not_follow()
    {
        // L = Σ 2x · copy of 2x
        DebugSession session = new(Recorded.Of(() =>
        {
            Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
            Tensor doubled = (x * 2).Named("doubled");
            (doubled * doubled.Detach().Named("copy")).Sum().Backward();
        }));
        Assert.Contains("copy is a detached copy of doubled and keeps its recorded values", session.Do("set x[0] = 2"), StringComparison.Ordinal);
        Assert.DoesNotContain("detached", Doubled().Do("set x[0] = 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_refused_whose_numbers_would_contradict_its_graph()
    {
        DebugSession session = Doubled();
        session.Do("set doubled[1] = 100");
        Assert.Contains("doubled[1] = 100 was set on a computed tensor", session.Fail("save never-written.safetensors"), StringComparison.Ordinal);
    }

    [Fact]
    public void Why_ends_at_an_element_that_was_set_instead_of_calling_it_computed()
    {
        DebugSession session = Doubled();
        session.Do("set doubled[1] = 100");
        string text = session.Do("why doubled[1]");
        Assert.Contains("doubled[1] = 100 was set", text, StringComparison.Ordinal);
        Assert.DoesNotContain("from x[1]", text, StringComparison.Ordinal);
        Assert.Contains("doubled[1] = 100 was set", session.Do("why loss"), StringComparison.Ordinal);
        Assert.Contains("from x[0]", session.Do("why doubled[0]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Fd_of_a_loss_that_is_not_finite_says_so_and_calls_no_gradient_missing()
    {
        DebugSession session = Doubled();
        session.Do("set x[0] = NaN");
        Assert.StartsWith("x.grad[0] CANNOT BE CHECKED: the element is NaN", session.Do("fd x[0]"), StringComparison.Ordinal);
        // (2 · 1e200)² is too large; x[0] has the gradient 8e200, and the loss no slope.
        session.Do("set x[0] = 1e200");
        string text = session.Do("fd x[0]").ReplaceLineEndings("\n");
        Assert.StartsWith("x.grad[0] CANNOT BE CHECKED: the loss is not finite", text, StringComparison.Ordinal);
        Assert.Contains("recorded (Float64)   8E+200", text, StringComparison.Ordinal);
        Assert.DoesNotContain("none", text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", text, StringComparison.Ordinal);
    }
}

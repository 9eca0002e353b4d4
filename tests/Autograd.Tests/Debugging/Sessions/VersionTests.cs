using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>A recording of several training steps: a name alone means the version that is current at the cursor.</summary>
public class VersionTests
{
    // Three steps on L = Σ w x, with x = (1, 2): ∂L/∂w = x. Each is a reset, two operations, and their backward passes.
    private static Recording ThreeSteps() => Recorded.Of(() =>
    {
        Tensor x = Tensor.From([1.0, 2], dtype: DType.Float64).Named("x");
        Tensor weight = Tensor.From([3.0, 4], dtype: DType.Float64).AsLeaf().Named("line.weight");
        for (int step = 1; step <= 3; step++)
        {
            weight.ZeroGradient();
            (weight * x).Sum().Backward();
            weight.CopyFrom(Tensor.From([step, -step], dtype: DType.Float64));
        }
    });

    [Fact]
    public void A_name_without_a_version_means_the_one_at_the_cursor()
    {
        DebugSession session = new(ThreeSteps());
        Assert.Equal("line.weight@1[0] = 3", session.Do("print line.weight[0]"));
        session.Do("goto end");
        Assert.Equal("line.weight@3[0] = 2", session.Do("print line.weight[0]"));
        // The end of the name will do, for gradients too, which were empty when the name meant the first version.
        Assert.Equal("line.weight@3.grad[1] = 2", session.Do("print weight.grad[1]"));
        Assert.Contains("line.weight@3.grad[1] = 2", session.Do("why weight[1]"), StringComparison.Ordinal);
        Assert.StartsWith("line.weight@3.grad[1] agrees", session.Do("fd weight[1]"), StringComparison.Ordinal);
        Assert.StartsWith("set line.weight@3[0] = 5", session.Do("set line.weight[0] = 5"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_named_is_that_one_everywhere()
    {
        DebugSession session = new(ThreeSteps());
        session.Do("goto end");
        Assert.Equal("line.weight@1[0] = 3", session.Do("print line.weight@1[0]"));
        Assert.Equal("line.weight@1[0] = 3", session.Do("print weight@1[0]"));
        Assert.Equal("line.weight@2[1] = -1", session.Do("print line.weight@2[1]"));
        Assert.Contains("there is no tensor line.weight@4", session.Fail("print line.weight@4"), StringComparison.Ordinal);
        Assert.Contains("there is no tensor x@1@1", session.Fail("print x@1@1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_version_is_touched_where_a_breakpoint_names_none()
    {
        DebugSession session = new(ThreeSteps());
        foreach (string name in (string[])["line.weight", "weight", "*.weight"])
        {
            session.Do("start");
            session.Do("break parameter " + name);
            List<string> stops = [];
            while (session.Do("continue").StartsWith("breakpoint", StringComparison.Ordinal))
                stops.Add(session.Recording.Timeline[session.Cursor - 1].Kind.ToString());
            // The first reset had nothing to forget.
            Assert.Equal(8, stops.Count);
            Assert.Equal(["Forward", "Backward", "GradientReset"], stops.Distinct());
            session.Do("delete all");
        }

        session.Do("start");
        session.Do("break parameter line.weight@1");
        // Read, added to, forgotten.
        session.Do("continue");
        session.Do("continue");
        session.Do("continue");
        Assert.StartsWith("no breakpoint", session.Do("continue"), StringComparison.Ordinal);
    }

    [Fact]
    public void Watches_and_conditions_follow_the_version()
    {
        DebugSession session = new(ThreeSteps());
        session.Do("watch line.weight");
        session.Do("watch line.weight[0] < 2");
        Assert.EndsWith("line.weight = {3, 4}\n  line.weight[0] < 2 = false", session.Do("where"), StringComparison.Ordinal);
        session.Do("until *.weight[0] < 2");
        int second = session.Cursor;
        Assert.EndsWith("line.weight = {1, -1}\n  line.weight[0] < 2 = true", session.Do("where"), StringComparison.Ordinal);
        Assert.EndsWith("line.weight = {2, -2}\n  line.weight[0] < 2 = false", session.Do("end"), StringComparison.Ordinal);
        session.Do("start");
        session.Do("break line.weight[0] == 1");
        session.Do("continue");
        Assert.Equal(second, session.Cursor);
    }

    [Fact]
    public void Gradients_lists_each_parameter_once_as_it_is_at_the_cursor()
    {
        DebugSession session = new(ThreeSteps());
        Assert.StartsWith("line.weight@1  -", session.Do("gradients"), StringComparison.Ordinal);
        session.Do("goto end");
        Assert.Equal("line.weight@3  norm 2.23607", session.Do("gradients"));
        Assert.Equal(session.Do("gradients"), session.Do("gradients line.*"));
        Assert.Equal(3, session.Do("tensors line.weight").Split('\n').Length);
        Assert.Contains("line.weight", session.Complete("print line.w"));
        Assert.Contains("line.weight@1", session.Complete("print line.w"));
    }

    [Fact]
    public void A_place_names_versions_so_that_they_can_be_pasted_back()
    {
        DebugSession session = new(ThreeSteps());
        session.Do("until kind == Multiply");
        Assert.Contains("#1 Multiply(line.weight@1 [2], x [2])", session.Do("where"), StringComparison.Ordinal);
        session.Do("goto end");
        Assert.Equal("line.weight@1 = {3, 4}", session.Do("watch line.weight@1")[9..]);
    }
}

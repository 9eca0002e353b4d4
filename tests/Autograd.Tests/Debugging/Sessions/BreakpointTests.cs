using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>Breakpoints stop where they say, in both directions alike.</summary>
public class BreakpointTests
{
    // Squares: 1 Multiply, 2 Tanh, 3 Add, 4 Sum forwards; 5 start; 6 Sum, 7 Add, 8 Tanh, 9 Multiply backwards.
    [Theory]
    [InlineData("kind Tanh", 2, 8)]
    [InlineData("kind T*", 2, 8)]
    [InlineData("kind Tanh if backward", 8)]
    [InlineData("parameter x", 1, 2, 8, 9)]
    [InlineData("shape []", 4, 6)]
    [InlineData("shape [*]", 1, 2, 3, 7, 8, 9)]
    [InlineData("norm x.grad > 0", 8)]
    [InlineData("norm(x.grad) > 5", 9)]
    [InlineData("norm any > 9", 1, 3, 4)]
    [InlineData("norm > 9 and forward", 1, 3, 4)]
    [InlineData("max(#1) == 9", 1)]
    [InlineData("if x.grad[2] > 0", 8)]
    [InlineData("if x.grad[2] > 0 if x.grad[0] > 100")]
    [InlineData("event >= 7", 7, 8, 9)]
    [InlineData("operation == 3", 3, 7)]
    [InlineData("3 > operation", 1, 2, 8, 9)]
    [InlineData("not (forward or event > 6)", 5, 6)]
    [InlineData("norm(*.grad) > 5", 9)]
    [InlineData("nan")]
    [InlineData("nan(x) > 0")]
    public void Continue_and_reverse_continue_stop_at_the_same_events(string breakpoint, params int[] stops)
    {
        DebugSession session = new(Recorded.Squares());
        session.Do("break " + breakpoint);
        Assert.Equal(stops, Stops(session, "continue").TakeWhile(cursor => stops.Contains(cursor)));
        session.Do("goto end");
        Assert.Equal(stops.Reverse().Where(stop => stop < 9), Stops(session, "reverse-continue"));
    }

    // Attention: 1 Permute, 2 MatMul in layer, 3 Softmax in layer.attention, 4 MatMul, 5 Tanh, 6 Sum; 7 start; 8 … 13 back.
    [Theory]
    [InlineData("module layer.attention", 3, 11)]
    [InlineData("module *.attention", 3, 11)]
    [InlineData("module layer", 1, 8)]
    [InlineData("module ~ layer.attention", 3, 11)]
    [InlineData("kind != Softmax and module == layer.attention")]
    [InlineData("parameter attention.q*", 2, 12)]
    public void Modules_stop_where_they_are_entered(string breakpoint, params int[] stops)
    {
        DebugSession session = new(Recorded.Attention());
        session.Do("break " + breakpoint);
        Assert.Equal(stops, Stops(session, "continue"));
    }

    [Fact]
    public void Nan_stops_at_the_first_operation_that_makes_one_and_at_infinities_that_nobody_masked_in()
    {
        DebugSession session = new(Recorded.NonFinite());
        session.Do("break nan");
        Assert.Contains("#1 Log", session.Do("continue"), StringComparison.Ordinal);
        Assert.Contains("#2 Multiply", session.Do("continue"), StringComparison.Ordinal);
    }

    [Fact]
    public void Breakpoints_are_listed_switched_and_deleted()
    {
        DebugSession session = new(Recorded.Squares());
        Assert.Equal("no breakpoints", session.Do("breakpoints"));
        session.Do("break kind Add");
        session.Do("b nan");
        Assert.Equal("1  kind Add\n2  nan", session.Do("list"));
        Assert.Contains("1  kind Add  (disabled)", session.Do("disable 1"), StringComparison.Ordinal);
        session.Do("continue");
        Assert.Equal(9, session.Cursor);
        session.Do("enable all");
        session.Do("reverse-continue");
        Assert.Equal(7, session.Cursor);
        Assert.Equal("2  nan", session.Do("delete 1"));
        Assert.Contains("no breakpoint 1", session.Fail("delete 1"), StringComparison.Ordinal);
        Assert.Equal("no breakpoints", session.Do("delete all"));
    }

    // The events at which it stops; the ends, where nothing is said of a breakpoint, do not count.
    private static List<int> Stops(DebugSession session, string command)
    {
        List<int> stops = [];
        while (session.Do(command).StartsWith("breakpoint", StringComparison.Ordinal))
            stops.Add(session.Cursor);
        return stops;
    }
}

using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>What is not understood is refused with a reason, and the place in the line.</summary>
public class ExpressionTests
{
    [Theory]
    [InlineData("until", "a comparison is missing here", 5)]
    [InlineData("until norm(x > 3", "a closing parenthesis is missing here", 13)]
    [InlineData("until norm(x)", "a comparison is missing here: <", 13)]
    [InlineData("until norm(x) > many", "'many' is not a number", 16)]
    [InlineData("until norm(x) >", "a number is missing", 15)]
    [InlineData("until norm(z) > 3", "there is no tensor z", 11)]
    [InlineData("until x > 3", "x is [3], not one element", 6)]
    [InlineData("until x[0, 1] > 3", "2 indices for a tensor of 1 axis", 8)]
    [InlineData("until x[3] > 3", "index 3 is outside axis 0, which has size 3", 8)]
    [InlineData("until x[0 > 3", "the bracket [ is not closed", 7)]
    [InlineData("until max(x[0:9]) > 3", "0:9 is outside axis 0", 12)]
    [InlineData("until (event > 3", "a closing parenthesis is missing here", 16)]
    [InlineData("until event > 3 and", "a comparison is missing here", 19)]
    [InlineData("until event > 3 or or", "there is no tensor or", 19)]
    [InlineData("until event > 3 4", "nothing more was expected here", 16)]
    [InlineData("until kind Softmax", "expected == or ~ or != here", 11)]
    [InlineData("break kind Sofmax", "did you mean Softmax?", 11)]
    [InlineData("break module encoder", "there is no module encoder", 13)]
    [InlineData("break shape [2, b]", "'b' is no size", 13)]
    [InlineData("break parameter y", "there is no tensor y", 16)]
    [InlineData("goto 10", "a number from 0 to 9", 5)]
    [InlineData("next 0", "'0' is not a whole number from 1", 5)]
    [InlineData("  nexxt", "did you mean next?", 2)]
    [InlineData("e", "e may be end, enable, explain", 0)]
    [InlineData("print x[0] y", "nothing more was expected here", 11)]
    [InlineData("print \"x", "the quotation mark is not closed", 6)]
    [InlineData("set x[0] 3", "expected = and a number here", 9)]
    public void Errors_say_why_and_point_at_the_column(string line, string reason, int column)
    {
        string[] lines = new DebugSession(Recorded.Squares()).Fail(line).Split('\n');
        Assert.Contains(reason, lines[0], StringComparison.Ordinal);
        Assert.Equal("  " + line, lines[1]);
        Assert.Equal(2 + column, lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("norm x > 3.2", true)]
    [InlineData("norm x > 3.3", false)]
    [InlineData("min(x) == -1.25 and max(x) == 3", true)]
    [InlineData("zeros(x) > 0 or nan(x) > 0 or inf(x) > 0", false)]
    [InlineData("mean x <= 0.75", true)]
    [InlineData("not mean x != 0.75", true)]
    [InlineData("max(x[0:2]) > 0.5", false)]
    [InlineData("min x[1:] < -1 and mean(x[2]) == 3", true)]
    [InlineData("x[-1] >= 3", true)]
    [InlineData("1e-3 < x[0]", true)]
    [InlineData("\"x\"[0] == 0.5", true)]
    [InlineData("event == 2 and (kind == Tanh or kind == Exp)", true)]
    [InlineData("event == 2 and kind == Tanh or kind == Exp", true)]
    [InlineData("forward and not backward", true)]
    [InlineData("norm(#4) > 0", false)]
    [InlineData("norm(#4) != 0", false)]
    [InlineData("x.grad[0] < 100", false)]
    public void Conditions_are_true_where_the_numbers_say_so(string condition, bool isTrue)
    {
        DebugSession session = new(Recorded.Squares());
        session.Do("goto 2");
        Assert.EndsWith(isTrue ? " = true" : " = false", session.Do("watch " + condition), StringComparison.Ordinal);
    }
}

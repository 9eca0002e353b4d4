using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>What people type by mistake, or on purpose to do harm, is answered with a reason.</summary>
public class MistypedTests
{
    [Theory]
    [InlineData("print scores[, 0]", "an index is missing here")]
    [InlineData("print scores[1, 2:1]", "2:1 ends before it begins")]
    [InlineData("print scores[1, 1:9]", "1:9 is outside axis 1")]
    [InlineData("print loss[0]", "1 index for a tensor of 0 axes")]
    [InlineData("break kind", "which kind? For example break kind MatMul")]
    [InlineData("break module", "which module? For example break module layer")]
    [InlineData("break parameter", "which parameter? For example break parameter attention.key")]
    [InlineData("jacobian", "there is no operation here: go to one")]
    public void The_answer_says_what_is_wrong(string line, string reason) =>
        Assert.Contains(reason, new DebugSession(Recorded.Attention()).Fail(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("(")]
    [InlineData("not ")]
    [InlineData("not (")]
    public void An_expression_that_nests_without_end_is_refused_before_the_stack_is_used_up(string opening)
    {
        DebugSession session = new(Recorded.Squares());
        string line = string.Concat(Enumerable.Repeat(opening, 100_000)) + "event > 1";
        Assert.Contains("within one another", session.Fail("break " + line), StringComparison.Ordinal);
        Assert.Contains("within one another", session.Fail("until " + line), StringComparison.Ordinal);
        session.Do("until " + string.Concat(Enumerable.Repeat("not ", 100)) + "event > 1");
        Assert.Equal(2, session.Cursor);
    }

    [Theory]
    [InlineData("# a step", true)]
    [InlineData("#a step", true)]
    [InlineData("  #", true)]
    [InlineData("#!/bin/debugger", true)]
    [InlineData("#12", false)]
    [InlineData("next # not one", false)]
    public void A_comment_needs_no_blank(string line, bool isComment)
    {
        Assert.Equal(isComment, DebugSession.IsComment(line));
        Assert.Equal(isComment, !new DebugSession(Recorded.Squares()).Execute(line).IsError);
    }

    [Theory]
    [InlineData("print z")]
    [InlineData("print zz")]
    [InlineData("foo")]
    public void A_short_word_that_is_like_nothing_gets_no_far_fetched_suggestions(string line) =>
        Assert.DoesNotContain("did you mean", new DebugSession(Recorded.Attention()).Fail(line), StringComparison.Ordinal);
}

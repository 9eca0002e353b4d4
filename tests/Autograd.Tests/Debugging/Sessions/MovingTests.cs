using FsCheck;
using FsCheck.Fluent;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>The cursor goes where a command says, and everything that is shown depends on the cursor alone.</summary>
public class MovingTests
{
    [Fact]
    public void A_session_begins_before_the_first_event()
    {
        DebugSession session = new(Recorded.Squares());
        Assert.Equal(0, session.Cursor);
        Assert.Equal("start of 9 events", session.Do("where"));
        Assert.Contains("already at the start", session.Do("back"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "next" }, 1)]
    [InlineData(new[] { "next 4" }, 4)]
    [InlineData(new[] { "next 100" }, 9)]
    [InlineData(new[] { "next all" }, 9)]
    [InlineData(new[] { "goto end", "back 2" }, 7)]
    [InlineData(new[] { "goto end", "back all" }, 0)]
    [InlineData(new[] { "goto 5" }, 5)]
    [InlineData(new[] { "n", "s", "step" }, 3)]
    [InlineData(new[] { "until backward" }, 6)]
    [InlineData(new[] { "until kind == Add and backward" }, 7)]
    [InlineData(new[] { "until x.grad[1] < -1" }, 9)]
    [InlineData(new[] { "until event == 100" }, 9)]
    [InlineData(new[] { "continue" }, 9)]
    [InlineData(new[] { "goto 4", "reverse-continue" }, 0)]
    public void Commands_move_the_cursor(string[] commands, int cursor)
    {
        DebugSession session = new(Recorded.Squares());
        foreach (string command in commands)
            session.Do(command);
        Assert.Equal(cursor, session.Cursor);
    }

    [Fact]
    public void Stepping_shows_every_place_on_the_way()
    {
        string text = new DebugSession(Recorded.Squares()).Do("next all");
        for (int i = 1; i <= 9; i++)
            Assert.Contains($"event {i} of 9", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_shows_operation_numbers_contributions_and_the_line()
    {
        DebugSession session = new(Recorded.Squares());
        string forward = session.Do("goto 1");
        Assert.Contains("forward  #1 Multiply(x [3], x [3]) → [3]", forward, StringComparison.Ordinal);
        Assert.Contains("#1 = {0.25, 1.5625, 9}", forward, StringComparison.Ordinal);
        Assert.Contains("Recorded.cs:", forward, StringComparison.Ordinal);
        Assert.Contains("((x * x) + x.Tanh()).Sum().Backward();", forward, StringComparison.Ordinal);

        // x ⊙ x gives x twice the same: 1·x for its first place, x·1 for its second.
        string[] backward = session.Do("goto 9").Split('\n');
        Assert.Contains("backward  #1 Multiply", backward[0], StringComparison.Ordinal);
        Assert.Equal("  #1.grad = {1, 1, 1}  (incoming)", backward[1]);
        Assert.Equal("  x.grad += {0.5, -1.25, 3}  (in0)", backward[2]);
        Assert.Equal("  x.grad += {0.5, -1.25, 3}  (in1)", backward[3]);
        Assert.StartsWith("  x.grad = {1.78", backward[4], StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_contribution_of_a_new_pass_or_after_a_reset_is_no_addition()
    {
        DebugSession session = new(Recorded.Passes());
        string text = session.Do("next all");
        // Second pass: added to what the first left. Third: the reset forgot it.
        Assert.Contains("the gradient of x [2] is forgotten", text, StringComparison.Ordinal);
        Assert.Contains("x.grad = {1.10517, 2.01375}", text.Split('\n')[^3..], new Trimmed());
        Assert.Contains("backward 3  ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Into_enters_the_next_module_and_out_leaves_it()
    {
        DebugSession session = new(Recorded.Attention());
        Assert.Contains("in layer", session.Do("goto 2"), StringComparison.Ordinal);
        // To the softmax; from there on there is no fused operation yet.
        session.Do("goto 2");
        Assert.Equal(3, MoveTo(session, "until module ~ layer.attention"));
        Assert.Contains("MatMul", session.Do("out"), StringComparison.Ordinal);
        Assert.Equal(4, session.Cursor);
    }

    [Fact]
    public void Any_walk_leaves_the_same_state_as_going_there_directly() => Properties.Check(40, Walks, walk =>
    {
        Recording recording = Recorded.Random(walk.Drawing);
        DebugSession walked = new(recording);
        foreach (string step in walk.Steps)
            walked.Execute(step);
        DebugSession direct = new(recording);
        direct.Do(FormattableString.Invariant($"goto {walked.Cursor}"));
        foreach (string look in (string[])["where", "gradients", "print a.grad", "print b.grad", "stats a.grad", "print #3.grad", "graph"])
            Assert.Equal(direct.Execute(look), walked.Execute(look));
    });

    [Fact]
    public void Walking_to_the_end_and_back_shows_the_same_places()
    {
        DebugSession session = new(Recorded.Attention());
        List<string> forward = [session.Do("where")];
        while (session.Cursor < session.Recording.Timeline.Count)
            forward.Add(session.Do("next"));
        List<string> back = [session.Do("where")];
        while (session.Cursor > 0)
            back.Add(session.Do("back"));
        back.Reverse();
        Assert.Equal(forward, back);
    }

    private static int MoveTo(DebugSession session, string command)
    {
        session.Do(command);
        return session.Cursor;
    }

    private static Arbitrary<(Drawing Drawing, string[] Steps)> Walks => Arb.From(
        from drawing in Shapes.OfRank(0, 2).NotEmpty.Drawings.Generator
        from steps in Gen.OneOf(
            Gen.Choose(1, 7).Select(n => $"next {n}"),
            Gen.Choose(1, 7).Select(n => $"back {n}"),
            Gen.Choose(0, 20).Select(n => $"goto {n}"),
            Gen.Elements("until backward", "continue", "reverse-continue", "goto end", "goto start", "where")).ArrayOf()
        select (drawing, steps));

    private sealed class Trimmed : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x?.Trim() == y?.Trim();

        public int GetHashCode(string text) => text.Trim().GetHashCode(StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("continue")]
    [InlineData("until fd > 1e-4")]
    public void A_walk_that_is_interrupted_stops_where_it_is_and_the_next_one_goes_on(string walk)
    {
        DebugSession session = null!;
        OperationCatalogue.Register(nameof(Interrupting), (inputs, _) =>
        {
            session.Interrupt();
            return new Interrupting(inputs[0]);
        });
        session = new DebugSession(Recorded.Of(() =>
        {
            Tensor x = Tensor.From([0.5, 2], dtype: DType.Float64).AsLeaf().Named("x");
            new Interrupting(x.Tanh()).Apply().Sum().Backward();
        }));
        session.Do("break fd > 1e-4");
        // Three operations, the beginning of the backward pass, Sum; then Interrupting is run again to be checked, and asks to stop.
        Assert.StartsWith("interrupted\nevent 6 of 7", session.Do(walk), StringComparison.Ordinal);
        string rest = session.Do(walk);
        Assert.EndsWith(session.Do("goto 7"), rest, StringComparison.Ordinal);
        Assert.StartsWith("n", rest, StringComparison.Ordinal);
    }

    // y = x
    private sealed class Interrupting(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Values<T>(x).CopyTo(y);

        protected override void Backward<T>(ReadOnlySpan<T> dy) => dy.CopyTo(ContributionTo<T>(x));
    }
}

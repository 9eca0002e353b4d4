using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Autograd.Debugging.Sessions.Commands;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>Commands are found by name, alias and beginning, complete themselves, and help comes from them.</summary>
public class CommandTests
{
    [Fact]
    public void Names_and_aliases_are_unique()
    {
        string[] names = [.. CommandCatalogue.All.SelectMany(command => command.Aliases.Prepend(command.Name))];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Help_lists_every_command_and_tells_of_each()
    {
        DebugSession session = new(Recorded.Squares());
        string all = session.Do("help");
        foreach (SessionCommand command in CommandCatalogue.All)
        {
            Assert.Contains(command.Usage, all, StringComparison.Ordinal);
            Assert.StartsWith(command.Name, command.Usage, StringComparison.Ordinal);
            Assert.Contains(command.Summary, session.Do("help " + command.Name), StringComparison.Ordinal);
            Assert.All(command.Aliases, alias => Assert.Contains(alias, session.Do("help " + alias), StringComparison.Ordinal));
        }

        Assert.Contains("norm any", session.Do("help expressions"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_readme_lists_every_command()
    {
        string readme = File.ReadAllText(Path.Combine(Repository, "src", "Autograd", "Debugging", "Sessions", "README.md"));
        foreach (SessionCommand command in CommandCatalogue.All)
            Assert.Contains($"| `{command.Usage.Replace("|", "\\|", StringComparison.Ordinal)}` | {command.Summary} |", readme, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("# a comment")]
    [InlineData("#")]
    public void Blank_lines_and_comments_do_nothing(string line) =>
        Assert.Equal(new CommandResult(string.Empty), new DebugSession(Recorded.Squares()).Execute(line));

    [Theory]
    [InlineData("quit")]
    [InlineData("q")]
    [InlineData("exit")]
    public void Quit_ends(string line) => Assert.True(new DebugSession(Recorded.Squares()).Execute(line).Ends);

    [Theory]
    [InlineData("re", "reverse-continue")]
    [InlineData("wa", "watch")]
    [InlineData("break k", "kind")]
    [InlineData("break kind S", "Softmax", "Sum")]
    [InlineData("break module layer.", "layer.attention")]
    [InlineData("print attention.q", "attention.query", "attention.query.grad")]
    [InlineData("p we", "weights", "weights.grad")]
    [InlineData("watch norm(sc", "scores", "scores.grad")]
    [InlineData("until max(", "#1", 26)]
    [InlineData("help ex", "explain", "expressions")]
    [InlineData("nonsense x")]
    [InlineData("goto s", "start")]
    public void Tab_completes_commands_kinds_modules_and_addresses(string line, params object[] expected)
    {
        IReadOnlyList<string> candidates = new DebugSession(Recorded.Attention()).Complete(line);
        if (expected is [string first, int count])
        {
            Assert.Contains(first, candidates);
            Assert.InRange(candidates.Count, 16, count + 20);
        }
        else
        {
            Assert.Equal(expected, candidates);
        }
    }

    [Fact]
    public void Colour_changes_nothing_but_escape_codes()
    {
        DebugSession plain = new(Recorded.Attention());
        DebugSession coloured = new(Recorded.Attention()) { UsesColor = true };
        foreach (string line in (string[])["next all", "goto 3", "graph", "print weights", "gradients", "operations", "tensors", "help", "stats #2"])
        {
            string text = coloured.Do(line);
            Assert.Equal(plain.Do(line), System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", ""));
        }
    }

    [Fact]
    public void A_walk_through_a_thousand_operations_with_breakpoints_is_fast()
    {
        Recording recording = Recorded.Of(() =>
        {
            Tensor x = Tensor.Full([100], 0.5, DType.Float64).AsLeaf().Named("x");
            Tensor y = x;
            for (int i = 0; i < 500; i++)
                y = (y * x).Tanh();
            y.Sum().Backward();
        });
        DebugSession session = new(recording);
        session.Do("break norm(x.grad) > 1e9");
        session.Do("break nan");
        session.Do("watch norm(x.grad)");
        session.Do("continue");
        session.Do("goto start");
        System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
        session.Do("continue");
        session.Do("goto start");
        string text = session.Do("next all");
        // A quarter of a second, of which a loaded machine makes more.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal(recording.Timeline.Count, session.Cursor);
        Assert.Contains("event 2001 of", text, StringComparison.Ordinal);
    }

    private static string Repository
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Transformer.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new DirectoryNotFoundException("the repository's root");
        }
    }
}

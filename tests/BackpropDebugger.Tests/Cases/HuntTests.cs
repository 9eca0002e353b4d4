using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace BackpropDebugger.Tests.Cases;

/// <summary>Each script finds its bug by name: the operation or the line stands in its answers, and not where the line is right.</summary>
public class HuntTests
{
    private const string PlantedLine = "PLANTED LINE";

    // What the answers say of the bug, and what tells it from the twin with the right line.
    private static readonly Dictionary<string, (string[] Finds, string Telling)> Findings = new()
    {
        ["missing-scale"] = ([PlantedLine, "#4 MatMul", "1. saturated softmax:"], "1. saturated softmax:"),
        ["mask-ignored"] = ([PlantedLine, "#5 Where", "1. unused:"], "1. unused:"),
        ["future-leak"] = ([PlantedLine, "#6 Where"], "scores.MaskedFill(Triangle(diagonal: 1)"),
        ["unshifted-target"] = ([PlantedLine, "#36 Gather in target_embedding", "row[0,0] = 7"], "1. unused:"),
        ["gradient-not-reset"] = (["1. gradient never reset:", "Linear in line", "line.weight@4.grad +="], "1. gradient never reset:"),
        ["dead-relu"] = ([PlantedLine, "1. dead ReLU:", "#3 Relu"], "1. dead ReLU:"),
        ["exploding-gradient"] = (["1. exploding gradient:", "Linear in recurrence"], "1. exploding gradient:"),
        ["softmax-overflow"] = ([PlantedLine, "#2 Exp", "1. overflow in exp:"], "1. overflow in exp:"),
        ["bias-gradient"] = (["bias.grad[1] DISAGREES", "weight.grad[0, 0] agrees", "#2 AddBias"], "DISAGREES"),
        ["detached-branch"] = ([PlantedLine, "1. detached:", "#3 Sigmoid"], "1. detached:"),
        ["dropout-in-evaluation"] = (["#3 Dropout in dropout"], "Dropout in dropout"),
        ["learning-rate"] = (["learning rate: 0.5", "Linear in line", "line.weight@6.grad[0, 0] agrees"], "learning rate: 0.5"),
    };

    public static TheoryData<string> Names => [.. CaseCatalogue.Planted.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_script_names_the_operation_or_the_line_of_the_bug(string name)
    {
        string answers = string.Join('\n', Answers(name, healthy: false));

        Assert.All(
            Findings[name].Finds,
            finding => Assert.Contains(finding == PlantedLine ? PlantedSource.PlaceOf(CaseRecordings.Bug(name)) : finding, answers));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_script_finds_nothing_where_the_line_is_right(string name)
    {
        Assert.Contains(Findings[name].Telling, string.Join('\n', Answers(name, healthy: false)));
        Assert.DoesNotContain(Findings[name].Telling, string.Join('\n', Answers(name, healthy: true)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_script_gives_the_same_answers_each_time(string name) =>
        Assert.Equal(Answers(name, healthy: false), Answers(name, healthy: false));

    [Fact]
    public void Breakpoints_that_stop_at_a_bug_do_not_stop_at_its_twin()
    {
        foreach (string name in new[] { "missing-scale", "softmax-overflow", "bias-gradient", "dropout-in-evaluation" })
        {
            Assert.DoesNotContain(Answers(name, healthy: false), answer => answer.StartsWith("no breakpoint", StringComparison.Ordinal));
            Assert.Contains(Answers(name, healthy: true), answer => answer.StartsWith("no breakpoint", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_hunt_in_the_README_is_what_the_debugger_answers()
    {
        IEnumerable<string> transcript = CaseRecordings.Bug("mask-ignored").Hunt
            .Zip(Answers("mask-ignored", healthy: false), (clue, answer) => $"> {clue.Command}\n{answer}");
        string readme = File.ReadAllText(Path.Combine(PlantedSource.Root, "samples", "BackpropDebugger", "README.md"));

        Assert.Contains($"```\n{string.Join('\n', transcript)}\n```", readme.ReplaceLineEndings("\n"));
    }

    private static List<string> Answers(string name, bool healthy)
    {
        DebugSession session = new(CaseRecordings.Of(name, healthy));
        List<string> answers = [];
        foreach (Clue clue in CaseRecordings.Bug(name).Hunt)
        {
            CommandResult result = session.Execute(clue.Command);
            Assert.False(result.IsError, $"{clue.Command}: {result.Text}");
            answers.Add(result.Text);
        }

        return answers;
    }
}

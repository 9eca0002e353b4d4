using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace BackpropDebugger.Tests.Cases;

/// <summary>The symptom is in the numbers of each program with a bug, and not in those of its twin with the right line.</summary>
public class PlantedBugTests
{
    private static readonly string[] GiveAways = ["bug", "wrong", "planted", "dead", "leak"];

    private static readonly Dictionary<string, Func<Recording, bool>> Symptoms = new()
    {
        // The gradient that reaches the queries is hundreds of times smaller than that of the values.
        ["missing-scale"] = recording =>
            recording.GradientStatistics("query.weight")!.Norm < 0.01 * recording.GradientStatistics("value.weight")!.Norm,
        // The second sentence has two words; the other two columns are padding.
        ["mask-ignored"] = recording =>
            recording.Tensor("weights").Values.Values<double>()[16..].ToArray().Where((_, i) => i % 4 >= 2).Any(weight => weight > 0.1),
        // Nobody foretells a die better than ln 6.
        ["future-leak"] = recording => recording.Value("loss") < 0.5 * Math.Log(6),
        ["unshifted-target"] = recording =>
            recording.Operations.Where(operation => operation.Kind == "Gather").Select(operation => Tokens(operation.Attributes))
                .Contains(Tokens(recording.Operation("CrossEntropy").Attributes)),
        ["gradient-not-reset"] = recording => recording.Value("loss5") > 100 * recording.Value("loss3"),
        ["dead-relu"] = recording => recording.GradientStatistics("first.weight")!.Norm == 0,
        ["exploding-gradient"] = recording => recording.Value("loss2") > 1e9 * recording.Value("loss1"),
        ["softmax-overflow"] = recording => double.IsNaN(recording.Value("loss")),
        // The last row alone, not the sum over the rows.
        ["bias-gradient"] = recording => !SumOfRows(recording.GradientOf(recording.Operation("AddBias").Output)!)
            .SequenceEqual(recording.GradientOf(recording.Tensor("bias"))!.Values<double>().ToArray()),
        ["detached-branch"] = recording => recording.GradientStatistics("gate.weight") is null,
        ["dropout-in-evaluation"] = recording => recording.Value("loss1") != recording.Value("loss2"),
        ["learning-rate"] = recording => recording.Value("loss6") > 1e4 * recording.Value("loss1"),
    };

    public static TheoryData<string> Names => [.. CaseCatalogue.Planted.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_symptom_shows_with_the_bug_and_not_without_it(string name)
    {
        Assert.True(Symptoms[name](CaseRecordings.Of(name)), "the bug does not show");
        Assert.False(Symptoms[name](CaseRecordings.Of(name, healthy: true)), "the right line shows it, too");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_program_is_short_and_nothing_in_its_tensors_names_gives_the_bug_away(string name)
    {
        PlantedBug bug = CaseRecordings.Bug(name);
        string[] lines = File.ReadAllLines(PlantedSource.FileOf(bug));

        Assert.InRange(lines.Length, 40, 110);
        Assert.Single(lines, line => line.Contains("// planted", StringComparison.Ordinal));
        Assert.DoesNotContain(
            CaseRecordings.Of(name).Tensors,
            tensor => GiveAways.Any(tensor.Name.Contains));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_text_ends_with_the_right_line_as_the_program_has_it(string name)
    {
        PlantedBug bug = CaseRecordings.Bug(name);
        string[] lines = File.ReadAllLines(PlantedSource.FileOf(bug));
        int condition = Array.FindIndex(lines, line => line.Contains("ealthy)", StringComparison.Ordinal) && line.TrimStart().StartsWith("if", StringComparison.Ordinal));

        Assert.Contains(lines[condition + 1].Trim(), bug.Cause);
    }

    private static string Tokens(object? attributes) => attributes switch
    {
        GatherAttributes gather => string.Join(' ', gather.Rows.Values.ToArray()),
        CrossEntropyAttributes loss => string.Join(' ', loss.Targets.Values.ToArray()),
        _ => string.Empty,
    };

    private static double[] SumOfRows(RecordedValues values)
    {
        double[] sum = new double[values.Shape[-1]];
        for (int i = 0; i < values.Count; i++)
            sum[i % sum.Length] += values.ValueAt(i);
        return sum;
    }
}

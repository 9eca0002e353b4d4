using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>The command without a verb, on a corpus that is too small to learn from.</summary>
public sealed class BuiltInTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("translate-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Without_a_verb_it_trains_tests_and_draws()
    {
        Finished run = TranslateProgram.Run("--pairs", "1000", "--epochs", "1", "--out", folder, "--threads", "1", "--json").ExpectSuccess();
        JsonElement json = run.Json;
        Assert.Equal(
            ["bleu", "exactMatch", "combinationBleu", "combinationExactMatch", "trainSeconds", "secondsToFirstStep"], json.EnumerateObject().Select(field => field.Name));
        Assert.All(json.EnumerateObject().SkipLast(2), field => Assert.InRange(field.Value.GetDouble(), 0, 100));
        Assert.True(json.GetProperty("trainSeconds").GetDouble() > 0);
        Assert.InRange(json.GetProperty("secondsToFirstStep").GetDouble(), 0.05, 60);
        Assert.Equal(10, run.Lines.Count(line => line.StartsWith("  translation  ", StringComparison.Ordinal)));
        Assert.Equal(10, run.Lines.Count(line => line.StartsWith("  reference    ", StringComparison.Ordinal)));
        Assert.Contains(run.Lines, line => line.StartsWith("combination test", StringComparison.Ordinal) && line.Contains("exact match", StringComparison.Ordinal));
        Assert.All(["loss.svg", "attention.svg"], file => Assert.Equal("svg", XDocument.Load(Path.Combine(folder, file)).Root!.Name.LocalName));
        TranslateProgram.Run("translate", "--model", folder, "Der Mann liest heute ein Buch.").ExpectSuccess();
    }
}

using System.Text.Json;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>Ways to train that the other tests do not take.</summary>
public sealed class TrainingOptionsTests : IDisposable
{
    private readonly SmallText text = new();

    public void Dispose() => text.Dispose();

    [Fact]
    public void Byte_pairs_in_double_precision_learn_the_text_and_are_joined_to_words()
    {
        TranslateProgram.Run(text.Train(
            "--tokenizer", "bpe", "--precision", "double", "--lower-case", "--epochs", "25", "--dropout", "0", "--learning-rate", "0.005",
            "--warm-up", "60")).ExpectSuccess();
        string[] shouted = [.. File.ReadAllLines(text.Source).Select(line => line.ToUpperInvariant())];
        JsonElement json = TranslateProgram.Run(
            "evaluate", "--model", text.Model, "--source", text.Write("shouted.de", shouted), "--target", text.Target, "--bleu", "none", "--json")
            .ExpectSuccess().Json;
        Assert.InRange(json.GetProperty("bleu").GetDouble(), 95, 100);
    }

    [Fact]
    public void A_time_limit_ends_a_run_with_a_model_and_more_epochs_go_on()
    {
        Finished limited = TranslateProgram.Run(text.Train("--minutes", "0.001", "--json")).ExpectSuccess();
        long steps = limited.Json.GetProperty("steps").GetInt64();
        Assert.True(steps >= 1);
        TranslateProgram.Run("translate", "--model", text.Model, "Milch sieht der Mann.").ExpectSuccess();
        Finished more = TranslateProgram.Run(text.Train("--epochs", "400", "--minutes", "0.02", "--json"));
        more.ExpectFailure(2, "exclude each other");
        string epochs = ((steps / 20) + 2).ToString(System.Globalization.CultureInfo.InvariantCulture);
        more = TranslateProgram.Run(text.Train("--epochs", epochs, "--resume", "--json")).ExpectSuccess();
        Assert.Contains(more.Lines, line => line.StartsWith($"resuming after step {steps}: epoch ", StringComparison.Ordinal));
        Assert.Equal(20 * ((steps / 20) + 2), more.Json.GetProperty("steps").GetInt64());
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_with_the_step_and_keeps_the_checkpoint()
    {
        TranslateProgram.Run(text.Train("--epochs", "1", "--learning-rate", "1e30")).ExpectFailure(1, "step 2", "saved no checkpoint yet");
        Assert.False(File.Exists(text.Checkpoint));
    }

    [Fact]
    public void A_run_that_averages_scores_its_epochs_as_evaluate_scores_the_model_that_it_saves()
    {
        Finished run = TranslateProgram.Run(text.Train(
            "--epochs", "12", "--average", "0.9", "--norm", "pre", "--dropout", "0", "--learning-rate", "0.005", "--warm-up", "60",
            "--score-source", text.Source, "--score-target", text.Target, "--score-beam", "2", "--json")).ExpectSuccess();
        JsonElement[] curve = [.. run.Json.GetProperty("curve").EnumerateArray()];
        Assert.Equal(Enumerable.Range(1, 12), curve.Select(point => point.GetProperty("epoch").GetInt32()));
        Assert.All(curve, point => Assert.True(point.GetProperty("trainSeconds").GetDouble() > 0));
        Assert.Equal(12, run.Lines.Count(line => line.Contains("  BLEU ", StringComparison.Ordinal)));

        // Nothing is held out: the last epoch's model is kept.
        JsonElement json = TranslateProgram.Run(
            "evaluate", "--model", text.Model, "--source", text.Source, "--target", text.Target, "--beam", "2", "--json").ExpectSuccess().Json;
        double score = curve[^1].GetProperty("bleu").GetDouble();
        Assert.Equal(json.GetProperty("bleu").GetDouble(), score);
        Assert.InRange(score, 20, 100);
        TranslateProgram.Run(text.Train("--score-source", text.Source)).ExpectFailure(2, "belong together");
    }

    [Fact]
    public void Patience_ends_a_run_that_gets_no_better()
    {
        Finished run = TranslateProgram.Run(text.Train(
            "--valid-source", text.Source, "--valid-target", text.Target, "--epochs", "500", "--patience", "2", "--learning-rate", "1",
            "--warm-up", "1", "--json")).ExpectSuccess();
        Assert.Contains(run.Lines, line => line.StartsWith("stopped early: 2 epochs", StringComparison.Ordinal));
        Assert.InRange(run.Json.GetProperty("epochs").GetInt32(), 3, 499);
    }
}

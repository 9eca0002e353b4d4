using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>train, translate and evaluate on good input.</summary>
public sealed class TrainedModelTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private SmallText Text => trained.Text;

    [Fact]
    public void Training_learns_a_hundred_pairs_by_heart()
    {
        trained.Training.ExpectSuccess();
        Finished translated = TranslateProgram.RunWithInput(File.ReadAllBytes(Text.Source), "translate", "--model", Text.Model);
        Assert.Equal(SmallText.References, translated.ExpectSuccess().Lines);
    }

    [Fact]
    public void The_last_line_of_training_is_one_object_with_all_figures()
    {
        JsonElement json = trained.Training.ExpectSuccess().Json;
        Assert.Equal(
            ["epochs", "steps", "secondsPerEpoch", "targetTokensPerSecond", "validationPerplexity", "parametersSha256", "curve"],
            json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(25, json.GetProperty("epochs").GetInt32());
        Assert.Equal(25 * 20, json.GetProperty("steps").GetInt64());
        Assert.True(json.GetProperty("secondsPerEpoch").GetDouble() > 0);
        Assert.True(json.GetProperty("targetTokensPerSecond").GetDouble() > 0);
        Assert.InRange(json.GetProperty("validationPerplexity").GetDouble(), 1, 1.5);
        Assert.Equal(25, json.GetProperty("curve").GetArrayLength());
        Assert.Matches("^[0-9a-f]{64}$", json.GetProperty("parametersSha256").GetString());
    }

    [Theory]
    [InlineData("tokens", "bleuTokens", "case:lc")]
    [InlineData("13a", "bleu13a", "tok:13a")]
    [InlineData("none", "bleuNone", "tok:none")]
    public void Evaluation_reports_the_chosen_BLEU_and_all_three(string chosen, string field, string signature)
    {
        // One word in four is wrong, so that no score is 100 and they differ.
        string target = Text.Write($"{chosen}.en", [.. SmallText.References.Select((line, i) => i % 4 == 0 ? line.Replace(".", " !!", StringComparison.Ordinal) : line)]);
        JsonElement json = TranslateProgram.Run(
            "evaluate", "--model", Text.Model, "--source", Text.Source, "--target", target, "--bleu", chosen, "--json").ExpectSuccess().Json;
        Assert.Equal(
            ["bleu", "bleuTokens", "bleu13a", "bleuNone", "signature", "sentences", "seconds"],
            json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(json.GetProperty(field).GetDouble(), json.GetProperty("bleu").GetDouble());
        Assert.InRange(json.GetProperty("bleu").GetDouble(), 50, 99);
        Assert.NotEqual(json.GetProperty("bleuTokens").GetDouble(), json.GetProperty("bleuNone").GetDouble());
        Assert.Contains(signature, json.GetProperty("signature").GetString(), StringComparison.Ordinal);
        Assert.Equal(100, json.GetProperty("sentences").GetInt32());
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public void Evaluation_counts_every_line_and_gives_an_empty_translation_to_a_source_that_is_empty_or_too_long()
    {
        const string Sentence = "Milch sieht der Mann.";
        string source = Text.Write("whole.de", Sentence, "", string.Join(' ', Enumerable.Repeat("Milch", 256)), Sentence);
        string target = Text.Write("whole.en", "the man sees milk.", "nothing to see", "much milk", "");
        Finished run = TranslateProgram.Run(
            "evaluate", "--model", Text.Model, "--source", source, "--target", target, "--bleu", "none", "--json").ExpectSuccess();
        Assert.Equal(4, run.Json.GetProperty("sentences").GetInt32());
        Assert.Contains("4 pairs, 2 of them with an empty side", run.Lines);
        Assert.Contains(run.Lines, line => line.StartsWith("note: 1 with a source of more than 255 tokens", StringComparison.Ordinal));

        // Two translations of four words; the references have 4 + 3 + 2 + 0.
        Assert.Contains(run.Lines, line => line.StartsWith("* none", StringComparison.Ordinal) && line.Contains("hyp_len = 8 ref_len = 9", StringComparison.Ordinal));
    }

    [Fact]
    public void A_byte_order_mark_at_the_beginning_of_standard_input_is_skipped()
    {
        byte[] input = [.. Encoding.UTF8.GetBytes("\uFEFFMilch sieht der Mann.\r\nKäse holt die Katze.")];
        Finished run = TranslateProgram.RunWithInput(input, "translate", "--model", Text.Model).ExpectSuccess();
        Assert.Equal("the man sees milk.\nthe cat fetches cheese.\n", run.Output);
    }

    [Fact]
    public void Sentences_of_the_command_line_are_translated_in_order_and_an_empty_one_stays_empty()
    {
        Finished translated = TranslateProgram.Run(
            "translate", "--model", Text.Model, "--beam", "3", "Milch sieht der Mann.", "", "Käse holt die Katze.").ExpectSuccess();
        Assert.Equal("the man sees milk.\n\nthe cat fetches cheese.\n", translated.Output);
    }

    [Fact]
    public void The_attention_picture_has_a_cell_for_each_head_and_pair_of_words()
    {
        string file = Path.Combine(Text.Folder, "attention.svg");
        Finished translated = TranslateProgram.Run("translate", "--model", Text.Model, "--attention", file, "Milch sieht der Mann.");
        Assert.Equal("the man sees milk.\n", translated.ExpectSuccess().Output);
        XNamespace svg = "http://www.w3.org/2000/svg";
        XElement[] cells = [.. XDocument.Load(file).Descendants(svg + "rect").Where(cell => cell.Element(svg + "title") is not null)];

        // One layer of two heads; five words and marks and <eos> on either side.
        Assert.Equal(2 * 6 * 6, cells.Length);
        Assert.Contains(cells, cell => cell.Value.StartsWith("milk ← Milch", StringComparison.Ordinal));
        Assert.Contains(XDocument.Load(file).Descendants(svg + "text"), text => text.Value == "Milch");
    }

    [Fact]
    public void Piped_output_has_no_control_codes() =>
        Assert.DoesNotContain('\u001b', trained.Training.Output);

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("translate")]
    [InlineData("evaluate")]
    [InlineData("import")]
    public void Help_ends_with_examples(string verb)
    {
        string help = TranslateProgram.Run([.. verb.Length == 0 ? Array.Empty<string>() : [verb], "--help"]).ExpectSuccess().Output;
        string examples = help[help.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"dotnet run -c Release --project samples/Translate{(verb.Length == 0 ? "\n" : $" -- {verb} ")}", examples, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_standard_input_that_is_not_UTF_8_is_named()
    {
        byte[] input = [.. Encoding.UTF8.GetBytes("Milch sieht der Mann.\nBrot "), 0xC3, 0x28, (byte)'\n'];
        TranslateProgram.RunWithInput(input, "translate", "--model", Text.Model).ExpectFailure(2, "standard input: line 2", "UTF-8");
    }
}

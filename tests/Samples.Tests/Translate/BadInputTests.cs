using System.Text;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>Bad input: one clear line, exit code 2, and nothing that existed is damaged.</summary>
public sealed class BadInputTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    private SmallText Text => trained.Text;

    private string[] TrainOn(string source, string target, params string[] more) =>
        ["train", "--source", source, "--target", target, "--out", Text.Model, "--preset", "tiny", "--epochs", "1", .. more];

    private void Refused(string[] arguments, params string[] parts)
    {
        Dictionary<string, string> before = Text.Artifacts();
        TranslateProgram.Run(arguments).ExpectFailure(2, parts);
        Assert.Equal(before, Text.Artifacts());
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Refused(TrainOn(Text.Source, Path.Combine(Text.Folder, "nowhere.en")), "nowhere.en: no such file");

    [Fact]
    public void Files_of_different_length_are_named_with_their_lines() =>
        Refused(TrainOn(Text.Source, Text.Write("short.en", SmallText.References[..99])), "text.de has 100 lines", "short.en has 99");

    [Fact]
    public void Invalid_UTF_8_is_named_with_file_and_line()
    {
        byte[] lines = [.. Encoding.UTF8.GetBytes("gut\ngut\n"), 0xFF, (byte)'\n', .. Encoding.UTF8.GetBytes("gut\n")];
        Refused(TrainOn(Text.Write("broken.de", lines), Text.Target), "broken.de: line 3", "UTF-8");
    }

    [Fact]
    public void A_compressed_file_that_was_cut_off_is_named() =>
        Refused(TrainOn(Text.Write("cut.de.gz", new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1 }), Text.Target), "cut.de.gz: damaged or truncated");

    [Fact]
    public void An_empty_corpus_is_refused()
    {
        string empty = Text.Write("empty.txt", Array.Empty<byte>());
        Refused(TrainOn(empty, empty), "no sentence pair");
    }

    [Fact]
    public void A_corpus_of_empty_lines_is_refused()
    {
        string blank = Text.Write("blank.txt", "", "  ", "\t");
        Refused(TrainOn(blank, blank), "no sentence pair among 3 lines");
    }

    [Fact]
    public void A_corpus_of_sentences_that_are_all_too_long_is_refused() =>
        Refused(TrainOn(Text.Source, Text.Target, "--max-length", "2"), "text.de, ", "text.en: ", "none has at most 2 tokens");

    [Fact]
    public void An_output_folder_where_nothing_can_be_written_is_refused() =>
        Refused(Text.Train("--out", Path.Combine(Text.Source, "below")), "nothing can be written there");

    [Theory]
    [InlineData("--preset", "huge", "tiny, small, base, multi30k, multi30k-best")]
    [InlineData("--tokenizer", "letters", "word, bpe")]
    [InlineData("--epochs", "0", "whole number from 1")]
    [InlineData("--epochs", "many", "whole number from 1")]
    [InlineData("--dropout", "1", "from 0 to 0.99")]
    [InlineData("--learning-rate", "0,001", "a number")]
    [InlineData("--heads", "5", "do not divide --model-size 64")]
    [InlineData("--minutes", "1", "--epochs and --minutes exclude each other")]
    [InlineData("--valid-source", "x", "--valid-target")]
    [InlineData("--patience", "3", "--valid-source")]
    [InlineData("--score-length-penalty", "1", "give --score-beam, too")]
    [InlineData("--score-length-penalty", "-1", "from 0 to 10")]
    [InlineData("--score-beam", "3", "give --score-source and --score-target")]
    [InlineData("--merges", "100", "give --tokenizer bpe, too")]
    [InlineData("--colour", "red", "--colour")]
    public void An_option_that_cannot_be_is_named_with_what_would_do(string option, string value, string part)
    {
        string[] others = option is "--preset" or "--epochs" ? [] : ["--preset", "tiny"];
        string[] epochs = option == "--epochs" ? [] : ["--epochs", "1"];
        Refused(["train", "--source", Text.Source, "--target", Text.Target, "--out", Text.Model, .. others, .. epochs, option, value], part);
    }

    [Theory]
    [InlineData("train", "--source", "", "--target", "x")]
    [InlineData("train", "--source", "x", "--target", "y", "--out", "")]
    [InlineData("--out", " ")]
    [InlineData("import", "", "--out", "x")]
    [InlineData("translate", "--model", "", "Milch")]
    [InlineData("evaluate", "--model", "x", "--source", "", "--target", "y")]
    public void An_empty_name_is_refused(params string[] arguments) => Refused(arguments, " is empty: it takes the name of a file or a folder");

    [Fact]
    public void A_picture_that_has_no_place_is_refused_before_anything_is_translated()
    {
        string place = Path.Combine(Text.Folder, "nowhere", "a.svg");
        Finished run = TranslateProgram.Run("translate", "--model", Text.Model, "--attention", place, "Milch sieht der Mann.");
        run.ExpectFailure(2, place, "there is no folder");
        Assert.Equal("", run.Output);
        Refused(["translate", "--model", Text.Model, "--attention", Text.Folder, "Milch"], Text.Folder, "this is a folder");
    }

    [Theory]
    [InlineData("--resume")]
    [InlineData("--out", "elsewhere")]
    [InlineData("--seed", "7")]
    public void An_option_before_the_verb_is_refused_not_lost(params string[] option) =>
        Refused([.. option, .. TrainOn(Text.Source, Text.Target)], option[0], "before train: put it behind");

    [Fact]
    public void An_unknown_verb_is_refused() => Refused(["speak"], "speak");

    [Fact]
    public void A_model_that_is_not_there_is_named() =>
        Refused(["translate", "--model", Path.Combine(Text.Folder, "none"), "Milch"], "model.safetensors: no such file");

    [Fact]
    public void A_sentence_longer_than_the_model_takes_is_named() =>
        Refused(["translate", "--model", Text.Model, "Milch", string.Join(' ', Enumerable.Repeat("Milch", 256))], "sentence 2 has 256 tokens", "255");

    [Fact]
    public void Attention_is_drawn_of_one_sentence_only() =>
        Refused(["translate", "--model", Text.Model, "--attention", "a.svg", "Milch", "Brot"], "exactly one sentence");

    [Fact]
    public void Dropped_pairs_are_counted()
    {
        string source = Text.Write("some.de", "kurz", "", "eins zwei drei vier fünf", "kurz kurz", "da");
        string target = Text.Write("some.en", "short", "empty", "one two three four five", " ", "there");
        Finished run = TranslateProgram.Run(
            "train", "--source", source, "--target", target, "--out", Path.Combine(Text.Folder, "dropped"), "--preset", "tiny",
            "--epochs", "1", "--max-length", "4", "--min-frequency", "1").ExpectSuccess();
        Assert.Contains("training: 2 pairs kept, 3 dropped (2 with an empty side, 1 over 4 tokens)", run.Lines);
        Assert.Contains(run.Lines, line => line.Contains("nothing is held out", StringComparison.Ordinal));
    }
}

using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Data;
using Xunit;

namespace Training.Tests;

public class TranslatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Translations_do_not_depend_on_the_order_of_the_lines_or_the_size_of_batches(int beamWidth)
    {
        string[] lines = [.. Toy.Sentences(40, 9).Select(pair => pair.Source), "", "s1 unknown s2"];
        IReadOnlyList<string> translations = Toy.Trained.Translate(lines, beamWidth);
        Assert.Equal(translations, Toy.Trained.Translate(lines, beamWidth, batchSize: 3));
        Assert.Equal(translations.Reverse(), Toy.Trained.Translate([.. lines.Reverse()], beamWidth, batchSize: 7));
        Assert.Equal(translations[5], Toy.Trained.Translate([lines[5]], beamWidth)[0]);
        int right = translations.Zip(Toy.Sentences(40, 9)).Count(pair => pair.First == pair.Second.Target);
        Assert.True(right >= 20, $"the trained model knows its language, {right} of 40 right");
    }

    [Theory]
    [InlineData(1, 128)]
    [InlineData(8, 128)]
    [InlineData(9, 113)]
    [InlineData(1000, 1)]
    public void A_wide_beam_decodes_fewer_sentences_at_once(int beamWidth, int sentences) =>
        Assert.Equal(sentences, Translator.BatchSize(128, beamWidth));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_empty_line_stays_empty(int beamWidth) =>
        Assert.Equal(["", "t3", "", ""], Toy.Trained.Translate(["", "s3", "  ", ""], beamWidth));

    [Fact]
    public void No_lines_give_none() => Assert.Empty(Toy.Trained.Translate([]));

    [Fact]
    public void A_line_that_is_too_long_is_an_error_with_its_length()
    {
        string longest = string.Join(' ', Enumerable.Repeat("s1", 31));
        Assert.Single(Toy.Trained.Translate([longest]));
        ArgumentException error = Assert.Throws<ArgumentException>(() => Toy.Trained.Translate(["s1", longest + " s1"]));
        Assert.Contains("32 tokens, the model takes up to 31", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Toy.Trained.TranslateWithAttention(longest + " s1"));
    }

    [Fact]
    public void Attention_comes_with_the_greedy_translation_and_each_row_of_weights_sums_to_one()
    {
        AttentionOfTranslation attention = Toy.Trained.TranslateWithAttention("s5 s1 s4");
        Assert.Equal(Toy.Trained.Translate(["s5 s1 s4"])[0], attention.Text);
        Assert.Equal(["s5", "s1", "s4", "<eos>"], attention.SourceTokens);
        Assert.Equal("<eos>", attention.TargetTokens[^1]);
        double[] weights = Assert.Single(attention.Weights);
        Assert.Equal(2 * attention.TargetTokens.Count * 4, weights.Length);
        Assert.All(weights.Chunk(4), row => Assert.Equal(1, row.Sum(), 1e-12));
        Assert.All(weights, weight => Assert.InRange(weight, 0, 1));
    }

    [Fact]
    public void Attention_of_a_translation_without_an_end_stops_at_the_models_limit()
    {
        Translator endless = Endless();
        string longest = string.Join(' ', Enumerable.Repeat("s1", 31));
        AttentionOfTranslation attention = endless.TranslateWithAttention(longest);
        Assert.Equal(32, attention.TargetTokens.Count);
        Assert.All(attention.TargetTokens, token => Assert.Equal("t0", token));
        Assert.Equal(endless.Translate([longest])[0], attention.Text);
    }

    [Fact]
    public void Attention_of_an_empty_line_has_an_empty_text() => Assert.Empty(Endless().TranslateWithAttention("").Text);

    [Fact]
    public void A_model_that_overflowed_gives_an_error_and_no_text()
    {
        Translator broken = Endless();
        broken.Model.Output.Bias!.Fill(double.NaN);
        Assert.Throws<NotFiniteNumberException>(() => broken.Translate(["s1"]));
        Assert.Throws<NotFiniteNumberException>(() => broken.Translate(["s1"], beamWidth: 3));
        Assert.Throws<NotFiniteNumberException>(() => broken.TranslateWithAttention("s1"));
    }

    [Fact]
    public void Vocabularies_of_another_size_are_refused()
    {
        TextEncoder small = new(new WordTokenizer(false), new Vocabulary(["one"]));
        Assert.Throws<ArgumentException>(() => new Translator(Toy.Model(1), small, Toy.Target));
        Assert.Throws<ArgumentException>(() => new Translator(Toy.Model(1), Toy.Source, small));
    }

    // Says t0 at every place.
    private static Translator Endless()
    {
        TransformerModel model = Toy.Model(1, Toy.Configuration with { TiedOutput = false });
        model.Output.Weight.Fill(0);
        model.Output.Bias!.Fill(0);
        model.Output.Bias[4] = 50;
        return new Translator(model, Toy.Source, Toy.Target);
    }
}

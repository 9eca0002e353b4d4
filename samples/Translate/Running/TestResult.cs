using System.Diagnostics;
using Transformer.Training;
using Transformer.Training.Data.BuiltIn;
using Transformer.Training.Metrics;

namespace Transformer.Samples.Translate.Running;

/// <summary>A test set of the built-in corpus with its translations and scores (BLEU with tokenization 13a, cased).</summary>
internal sealed record TestResult(
    IReadOnlyList<AlignedPair> Pairs, IReadOnlyList<string> Translations, double Bleu, double ExactMatch, string Signature, double Seconds)
{
    // Longer sentences make pictures that nobody reads.
    private const int LongestOfPicture = 12;

    public static TestResult Of(Translator translator, IReadOnlyList<AlignedPair> pairs)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<string> translations = translator.Translate([.. pairs.Select(pair => pair.Source)]);
        double seconds = clock.Elapsed.TotalSeconds;
        string[] references = [.. pairs.Select(pair => pair.Target)];
        BleuScore bleu = Training.Metrics.Bleu.Score(translations, references, BleuTokenization.ThirteenA);
        return new(pairs, translations, bleu.Score, Training.Metrics.ExactMatch.Percentage(translations, references), bleu.Signature, seconds);
    }

    public override string ToString() => FormattableString.Invariant(
        $"BLEU {Bleu:0.00}  exact match {ExactMatch:0.0} %  {Pairs.Count} sentences in {Seconds:0.0} s");

    /// <summary>The sentence whose words change places most, a correctly translated one where there is any.</summary>
    public AlignedPair MostCrossing() => Enumerable.Range(0, Pairs.Count)
        .Where(i => Pairs[i].Alignment.Max(link => link.Source) < LongestOfPicture)
        .OrderByDescending(i => Translations[i] == Pairs[i].Target)
        .ThenByDescending(i => Crossings(Pairs[i].Alignment))
        .Select(i => Pairs[i])
        .First();

    private static int Crossings(IReadOnlyList<(int Source, int Target)> links) => links.Sum(first =>
        links.Count(second => first.Source < second.Source && first.Target > second.Target));
}

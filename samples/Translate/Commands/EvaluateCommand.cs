using System.CommandLine;
using System.Diagnostics;
using Transformer.Samples.Translate.Output;
using Transformer.Samples.Translate.Running;
using Transformer.Training;
using Transformer.Training.Data;
using Transformer.Training.Metrics;

namespace Transformer.Samples.Translate.Commands;

/// <summary><c>evaluate</c>: the BLEU of a model on a test set.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Option<string> model = Options.Required("--model", "DIR", "A folder that training wrote");
        Option<string> source = Options.Required("--source", "FILE", "Sentences to translate, one a line, UTF-8, plain or .gz");
        Option<string> target = Options.Required("--target", "FILE", "Their reference translations, line by line");
        Option<int?> beam = Options.Integer("--beam", "Width of beam search [default: 1, greedy]", 1, 1000);
        Option<string?> bleu = Options.Choice(
            "--bleu", "Which BLEU to report: of lower-cased words and marks, sacreBLEU's 13a, or split at spaces [default: tokens]", "tokens", "13a", "none");
        Option<int?> threads = Options.Threads();
        Option<bool> json = Options.Json();
        Command command = new("evaluate", "Translate a test set and compare with its references") { model, source, target, beam, bleu, threads, json };
        command.SetAction(parsed =>
        {
            Options.SetThreads(parsed.GetValue(threads));
            ParallelText text = ParallelText.Read(parsed.GetRequiredValue(source), parsed.GetRequiredValue(target));
            Translator translator = TranslatorFolder.Load(parsed.GetRequiredValue(model));
            Evaluate(translator, text, parsed.GetValue(beam) ?? 1, parsed.GetValue(bleu) ?? "tokens", parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Evaluate(Translator translator, ParallelText text, int beamWidth, string chosen, bool printsJson)
    {
        ConsoleOutput output = new();
        SentencePair[] pairs = [.. text.Pairs.Where(pair => translator.Source.Encode(pair.Source).Length - 1 <= translator.LongestSource)];
        int tooLong = text.Pairs.Count - pairs.Length;
        output.Line($"{pairs.Length:N0} pairs kept, {text.EmptyCount + tooLong:N0} dropped ({text.EmptyCount:N0} with an empty side, {tooLong:N0} over {translator.LongestSource} tokens)");
        if (pairs.Length == 0)
            throw new UsageException("no sentence pair is left to translate");
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<string> translations = translator.Translate([.. pairs.Select(pair => pair.Source)], beamWidth);
        double seconds = clock.Elapsed.TotalSeconds;
        string[] references = [.. pairs.Select(pair => pair.Target)];
        BleuScore Score(BleuTokenization tokenization) => Bleu.Score(translations, references, tokenization);
        Dictionary<string, BleuScore> scores = new()
        {
            ["tokens"] = Score(BleuTokenization.Tokens),
            ["13a"] = Score(BleuTokenization.ThirteenA),
            ["none"] = Score(BleuTokenization.None),
        };
        // The exponential of a mean of logarithms can be a last digit above 100.
        double Value(string name) => scores[name].Score;
        foreach ((string name, BleuScore score) in scores)
            output.Line($"{(name == chosen ? "*" : " ")} {name,-6}  {score}");
        output.Line($"{pairs.Length:N0} sentences in {seconds:0.0} s, {(beamWidth == 1 ? "greedy" : $"beam of {beamWidth}")}");
        if (printsJson)
        {
            JsonLine.Write(
                ("bleu", Value(chosen)), ("bleuTokens", Value("tokens")), ("bleu13a", Value("13a")), ("bleuNone", Value("none")),
                ("signature", scores[chosen].Signature), ("sentences", pairs.Length), ("seconds", seconds));
        }
    }
}

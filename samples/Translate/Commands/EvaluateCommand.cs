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
        Option<int?> beam = SearchChoice.Beam("--beam", "Width of beam search");
        Option<double?> penalty = SearchChoice.Penalty("--length-penalty");
        Option<string?> bleu = Options.Choice(
            "--bleu", "Which BLEU to report: of lower-cased words and marks (<unk> is one token), sacreBLEU's 13a, or split at spaces [default: tokens]", "tokens", "13a", "none");
        Option<int?> threads = Options.Threads();
        Option<bool> json = Options.Json();
        Command command = new("evaluate", "Translate a test set and compare with its references; every line counts, and a source that is empty or too long for the model gets an empty translation") { model, source, target, beam, penalty, bleu, threads, json };
        command.SetAction(parsed =>
        {
            Options.SetThreads(parsed.GetValue(threads));
            SearchChoice search = SearchChoice.Of(parsed, beam, penalty);
            ParallelText text = ParallelText.Read(parsed.GetRequiredValue(source), parsed.GetRequiredValue(target));
            Translator translator = TranslatorFolder.Load(parsed.GetRequiredValue(model));
            Evaluate(translator, text, search, parsed.GetValue(bleu) ?? "tokens", parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Evaluate(Translator translator, ParallelText text, SearchChoice search, string chosen, bool printsJson)
    {
        ConsoleOutput output = new();
        IReadOnlyList<SentencePair> pairs = text.Lines;
        // The score is of the whole files: leaving out what the model cannot translate would raise it.
        string[] sources = [.. pairs.Select(pair => translator.IsTooLong(pair.Source) ? "" : pair.Source)];
        int tooLong = pairs.Count(pair => translator.IsTooLong(pair.Source));
        output.Line($"{pairs.Count:N0} pairs, {text.EmptyCount:N0} of them with an empty side");
        if (tooLong > 0)
            output.Line($"note: {tooLong:N0} with a source of more than {translator.LongestSource} tokens; the translation is empty and counts as such");
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<string> translations = search.Translate(translator, sources);
        double seconds = clock.Elapsed.TotalSeconds;
        string[] references = [.. pairs.Select(pair => pair.Target)];
        BleuScore Score(BleuTokenization tokenization) => Bleu.Score(translations, references, tokenization);
        Dictionary<string, BleuScore> scores = new()
        {
            ["tokens"] = Score(BleuTokenization.Tokens),
            ["13a"] = Score(BleuTokenization.ThirteenA),
            ["none"] = Score(BleuTokenization.None),
        };
        double Value(string name) => scores[name].Score;
        foreach ((string name, BleuScore score) in scores)
            output.Line($"{(name == chosen ? "*" : " ")} {name,-6}  {score}");
        output.Line($"{pairs.Count:N0} sentences in {seconds:0.0} s, {search}");
        if (printsJson)
        {
            JsonLine.Write(
                ("bleu", Value(chosen)), ("bleuTokens", Value("tokens")), ("bleu13a", Value("13a")), ("bleuNone", Value("none")),
                ("signature", scores[chosen].Signature), ("sentences", pairs.Count), ("seconds", seconds));
        }
    }
}

using System.CommandLine;
using Transformer.Samples.Translate.Output;
using Transformer.Samples.Translate.Pictures;
using Transformer.Samples.Translate.Running;
using Transformer.Training;

namespace Transformer.Samples.Translate.Commands;

/// <summary><c>translate</c>: sentences from the command line or from standard input, line by line.</summary>
internal static class TranslateCommand
{
    // As many lines of a file are translated together.
    private const int LinesAtOnce = 1024;

    public static Command Create()
    {
        Option<string> model = Options.Required("--model", "DIR", "A folder that training wrote");
        Option<int?> beam = SearchChoice.Beam("--beam", "Width of beam search");
        Option<double?> penalty = SearchChoice.Penalty("--length-penalty");
        Option<string?> attention = Options.Text("--attention", "FILE.svg", "Draw what each produced word looks at (one sentence, greedy)");
        Option<int?> threads = Options.Threads();
        Argument<string[]> texts = new("TEXT")
        {
            Description = "Sentences, each in quotation marks; without any, lines are read from standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Command command = new("translate", "Translate sentences") { model, beam, penalty, attention, threads, texts };
        command.SetAction(parsed =>
        {
            Options.SetThreads(parsed.GetValue(threads));
            SearchChoice search = SearchChoice.Of(parsed, beam, penalty);
            if (parsed.GetValue(attention) is { } place)
                OutputFolder.CheckPlace(place);
            Translator translator = TranslatorFolder.Load(parsed.GetRequiredValue(model));
            string[] lines = parsed.GetValue(texts)!;
            IEnumerable<string> sentences = lines.Length > 0 ? lines : InputLines.Read();
            if (parsed.GetValue(attention) is { } picture)
                Draw(translator, sentences, search, picture);
            else
                Translate(translator, sentences, search, Console.IsInputRedirected || lines.Length > 0 ? LinesAtOnce : 1);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Translate(Translator translator, IEnumerable<string> sentences, SearchChoice search, int linesAtOnce)
    {
        int number = 0;
        foreach (string[] chunk in sentences.Select(line => Checked(translator, line, ++number)).Chunk(linesAtOnce))
        {
            foreach (string translation in search.Translate(translator, chunk))
                Console.WriteLine(translation);
        }
    }

    private static void Draw(Translator translator, IEnumerable<string> sentences, SearchChoice search, string file)
    {
        if (search.BeamWidth > 1)
            throw new UsageException("--attention draws a greedy translation: leave --beam out");
        if (sentences.Take(2).ToArray() is not [{ } sentence])
            throw new UsageException("--attention draws exactly one sentence");
        AttentionOfTranslation attention = translator.TranslateWithAttention(Checked(translator, sentence, 1));
        Console.WriteLine(attention.Text);
        OutputFolder.Write(file, AttentionPicture.Of(attention));
    }

    private static string Checked(Translator translator, string line, int number)
    {
        int length = translator.Source.Encode(line).Length - 1;
        return length <= translator.LongestSource
            ? line
            : throw new UsageException($"sentence {number} has {length} tokens; the model takes up to {translator.LongestSource}");
    }
}

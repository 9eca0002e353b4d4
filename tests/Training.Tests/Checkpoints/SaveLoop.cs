using System.Globalization;
using Transformer.Autograd.Files;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Data;

namespace Training.Tests.Checkpoints;

/// <summary>Saves one generation after the other over the same file, until it is killed.</summary>
internal static class SaveLoop
{
    internal const string Verb = "save-loop";

    internal const string TranslatorVerb = "save-translators";

    /// <summary>4 MB, so that a save takes long enough to be hit.</summary>
    internal const int Numbers = 1 << 20;

    /// <summary>Saves numbers into a file.</summary>
    internal static void Run(string path) => Repeat(generation => Save(path, generation));

    /// <summary>Saves the translators of two language pairs into a folder, in turn.</summary>
    internal static void RunTranslators(string folder)
    {
        Translator[] translators = [Translator(0), Translator(1)];
        Repeat(generation => TranslatorFolder.Save(folder, translators[generation % 2]));
    }

    /// <summary>All numbers are the generation, so that a mixture of two would show even without the hash.</summary>
    internal static void Save(string path, int generation)
    {
        var values = new float[Numbers];
        Array.Fill(values, generation);
        var metadata = new Dictionary<string, string> { ["generation"] = generation.ToString(CultureInfo.InvariantCulture) };
        SafetensorsFile.Write(path, [SafetensorsEntry.From<float>("values", [Numbers], values)], metadata);
    }

    /// <summary>
    /// Pair 0 or 1. The pairs have vocabularies of one size, so that a mixture would load; their words and the output's bias
    /// tell which pair they are of.
    /// </summary>
    internal static Translator Translator(int pair)
    {
        TransformerModel model = Toy.Model(1, Toy.Configuration with { SourceVocabularySize = 10_004, TargetVocabularySize = 10_004 });
        model.Output.Bias!.Fill(pair);
        TextEncoder Encoder(string language) => new(
            new WordTokenizer(lowerCase: pair == 1), new Vocabulary(Enumerable.Range(0, 10_000).Select(word => $"{language}{pair}.{word}")));
        return new Translator(model, Encoder("source"), Encoder("target"));
    }

    private static void Repeat(Action<int> save)
    {
        for (var generation = 1; ; generation++)
        {
            save(generation);
            Console.Out.WriteLine(generation.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }
}

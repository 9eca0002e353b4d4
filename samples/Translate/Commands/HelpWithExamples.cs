using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Transformer.Samples.Translate.Commands;

/// <summary>The library's help, then examples to copy.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Program = "dotnet run -c Release --project samples/Translate";

    private static readonly Dictionary<string, string[]> ExamplesOfVerbs = new()
    {
        [""] =
        [
            "# train on the built-in corpus and test; then translate with the model that it wrote",
            Program,
            Program + " -- translate --model artifacts/translate \"Der Mann liest heute ein Buch.\"",
            "# what a verb takes",
            Program + " -- train --help",
        ],
        ["train"] =
        [
            "# Multi30k, German to English, by the recipe of the preset",
            Program + " -- train --preset multi30k --source train.de.gz --target train.en.gz \\",
            "    --valid-source val.de.gz --valid-target val.en.gz --epochs 12 --out artifacts/multi30k",
            "# byte pairs, for half an hour, with a checkpoint every 200 steps",
            Program + " -- train --preset small --tokenizer bpe --source a.de --target a.en --minutes 30 --save-steps 200",
            "# go on after it was stopped: the same command with --resume; the time may be another",
            Program + " -- train --preset small --tokenizer bpe --source a.de --target a.en --minutes 60 --save-steps 200 --resume",
        ],
        ["translate"] =
        [
            Program + " -- translate --model artifacts/translate \"Gestern hat sie das Buch gelesen.\"",
            Program + " -- translate --model artifacts/translate --attention attention.svg \"Gestern hat sie das Buch gelesen.\"",
            Program + " -- translate --model artifacts/multi30k --beam 5 < sentences.de > sentences.en",
        ],
        ["evaluate"] =
        [
            Program + " -- evaluate --model artifacts/multi30k --source test_2016_flickr.de.gz --target test_2016_flickr.en.gz",
            Program + " -- evaluate --model artifacts/multi30k --source test.de --target test.en --beam 5 --bleu 13a --json",
        ],
        ["import"] =
        [
            "# weights of the same configuration, saved from PyTorch; the vocabularies in the folder stay",
            Program + " -- import weights.safetensors --out artifacts/multi30k",
        ],
    };

    /// <summary>Puts the examples under the help of every verb.</summary>
    public static void Install(RootCommand root)
    {
        // One option serves all verbs: it is recursive.
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string line in ExamplesOfVerbs[command is RootCommand ? "" : command.Name])
            output.WriteLine("  " + line);
        return 0;
    }
}

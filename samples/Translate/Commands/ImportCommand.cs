using System.CommandLine;
using Transformer.Samples.Translate.Output;
using Transformer.Samples.Translate.Running;
using Transformer.Training;
using Transformer.Training.Checkpoints;

namespace Transformer.Samples.Translate.Commands;

/// <summary><c>import</c>: weights that another program saved, the only file that may come without a hash.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A safetensors file with the keys of this model, as PyTorch saves it" };
        Option<string> folder = Options.Required(
            "--out", "DIR", "A folder that training wrote: its vocabularies and configuration stay, its parameters are replaced; its run cannot be resumed then");
        Options.RefuseEmpty(file);
        Command command = new("import", "Take over weights that PyTorch saved") { file, folder };
        command.SetAction(parsed =>
        {
            string destination = parsed.GetRequiredValue(folder);
            using IDisposable claim = OutputFolder.Claim(destination, mayCreate: false);
            Translator translator = TranslatorFolder.ReadForeign(parsed.GetRequiredValue(file), destination);
            RunFailedException.WhileSaving(() => TranslatorFolder.Save(destination, translator));
            new ConsoleOutput().Line(
                $"{translator.Model.ParameterCount:N0} parameters, SHA-256 {ModelTensors.Sha256(translator.Model)}, are in {destination} now");
            return ExitCode.Success;
        });
        return command;
    }
}

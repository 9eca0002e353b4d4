using System.CommandLine;
using System.Globalization;
using Benchmarks.Measuring;

namespace Benchmarks.Steps;

/// <summary>The options that choose a model and its batches.</summary>
internal sealed class PresetOptions
{
    private readonly Option<string> name = new("--preset") { Description = "Model and batches", DefaultValueFactory = _ => "small" };
    private readonly Option<int> batch = CommandOptions.AtLeast("--batch", "Sequences in a batch [default: the preset's]", 1);
    private readonly Option<int> length = CommandOptions.AtLeast("--length", "The longest sequence, in tokens [default: the preset's]", 2);
    private readonly Option<int> modelSize = CommandOptions.AtLeast("--model-size", "Length of the vector at each position; the feed-forward networks keep their ratio to it [default: the preset's]", 1);
    private readonly Option<double?> dropout = new("--dropout") { Description = "Probability at every dropout [default: the preset's]", HelpName = "P" };

    public void AddTo(Command command)
    {
        name.AcceptOnlyFromAmong([.. StepPreset.All.Select(preset => preset.Name)]);
        dropout.Validators.Add(result =>
        {
            // What is no number at all the parser reports.
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out double rate) && rate is not (>= 0 and < 1))
                result.AddError($"--dropout is a probability from 0 to below 1, not {text}");
        });
        command.Options.Add(name);
        command.Options.Add(batch);
        command.Options.Add(length);
        command.Options.Add(modelSize);
        command.Options.Add(dropout);
    }

    public StepPreset Of(ParseResult parsed)
    {
        StepPreset preset = StepPreset.Named(parsed.GetRequiredValue(name));
        int size = parsed.GetValue(modelSize) is > 0 and int wanted ? wanted : preset.ModelSize;
        return preset with
        {
            ModelSize = size,
            FeedForwardSize = preset.FeedForwardSize / preset.ModelSize * size,
            BatchSize = parsed.GetValue(batch) is > 0 and int sequences ? sequences : preset.BatchSize,
            Length = parsed.GetValue(length) is > 0 and int longest ? longest : preset.Length,
            DropoutRate = parsed.GetValue(dropout) ?? preset.DropoutRate,
        };
    }
}

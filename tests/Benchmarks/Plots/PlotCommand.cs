using System.CommandLine;
using System.Text.Json;
using Benchmarks.Comparing;
using Benchmarks.Measuring;

namespace Benchmarks.Plots;

/// <summary><c>plot</c>: an SVG picture of what another verb, or a training run, wrote as JSON.</summary>
internal static class PlotCommand
{
    public static Command Create()
    {
        Option<string[]> from = new("--from")
        {
            Description = "JSON of compare --out (step times), of Translate train --json (BLEU; several files, named in the legend by their "
                + "name up to the first dot), or of scaling --json. Its last line counts",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> output = new("--out") { Description = "The picture", HelpName = "FILE.svg", Required = true };
        Option<double[]> levels = new("--levels")
        {
            Description = "BLEU scores: when each run reaches them is said under the picture",
            HelpName = "BLEU",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> note = new("--note") { Description = "A line under BLEU or scaling: machine, versions (step times say it themselves)", HelpName = "TEXT" };
        Command command = new("plot", "Draw measurements as an SVG picture") { from, output, levels, note };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            try
            {
                string picture = Draw(parsed.GetValue(from)!, parsed.GetValue(levels) ?? [], parsed.GetValue(note) ?? string.Empty);
                if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                    Directory.CreateDirectory(folder);
                File.WriteAllText(path, picture);
                return 0;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidDataException
                or KeyNotFoundException or InvalidOperationException)
            {
                // A field of another kind than its name says is an InvalidOperationException.
                Console.Error.WriteLine($"plot: {exception.Message}");
                return 1;
            }
        });
        return command;
    }

    private static string Draw(string[] files, double[] levels, string note)
    {
        string[] lines = [.. files.Select(file => File.ReadAllText(file).TrimEnd().Split('\n')[^1])];
        JsonElement[] results = [.. lines.Select(line => JsonElement.Parse(line))];
        if (results is [{ ValueKind: JsonValueKind.Array } series])
            return ScalingPlot.Draw(series, note);
        if (results.Any(result => result.ValueKind != JsonValueKind.Object))
            throw new InvalidDataException("each file holds one JSON object, or one file the array of scaling");
        if (results is [var comparison] && comparison.TryGetProperty("rounds", out _))
            return StepTimePlot.Draw(JsonLine.Read<Comparison>(lines[0]));
        return BleuPlot.Draw([.. results.Select((result, i) => BleuRun.Read(NameOf(files[i]), result))], levels, note);
    }

    // Runs of several seeds share a name: multi30k.1.json, multi30k.2.json.
    private static string NameOf(string file) => Path.GetFileName(file).Split('.')[0].Replace('_', ' ');
}

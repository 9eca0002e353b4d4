using System.CommandLine;
using System.Globalization;
using Transformer.Samples.Translate.Commands;
using Transformer.Training;
using Transformer.Training.Decoding;

namespace Transformer.Samples.Translate.Running;

/// <summary>How translations are searched for.</summary>
/// <param name="BeamWidth">1 for greedy search.</param>
/// <param name="LengthPenalty">Of the beam search; greedy search has none.</param>
internal sealed record SearchChoice(int BeamWidth, double LengthPenalty)
{
    public static Option<int?> Beam(string name, string description) => Options.Integer(name, $"{description} [default: 1, greedy]", 1, 1000);

    public static Option<double?> Penalty(string name) => Options.Real(
        name, $"Exponent α of the beam search's length penalty: larger values favour longer translations [default: {BeamSearch.DefaultLengthPenalty}]", 0, 10);

    /// <summary>What was given on the command line.</summary>
    /// <exception cref="UsageException">A length penalty without a beam.</exception>
    public static SearchChoice Of(ParseResult parsed, Option<int?> beam, Option<double?> penalty)
    {
        int width = parsed.GetValue(beam) ?? 1;
        return width == 1 && parsed.GetValue(penalty) is not null
            ? throw new UsageException($"{penalty.Name} ranks the hypotheses of a beam search: give {beam.Name}, too")
            : new SearchChoice(width, parsed.GetValue(penalty) ?? BeamSearch.DefaultLengthPenalty);
    }

    public IReadOnlyList<string> Translate(Translator translator, IReadOnlyList<string> lines) => translator.Translate(lines, BeamWidth, LengthPenalty);

    public override string ToString() =>
        BeamWidth == 1 ? "greedy" : string.Create(CultureInfo.InvariantCulture, $"beam of {BeamWidth}, length penalty {LengthPenalty}");
}

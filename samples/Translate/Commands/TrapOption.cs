using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Transformer.Samples.Translate.Commands;

/// <summary><c>--trap nan</c> or <c>--trap norm=BOUND</c>.</summary>
/// <param name="Norm">The bound of the gradient norm; null where only NaN and infinity spring the trap.</param>
internal sealed record Trap(double? Norm)
{
    private const string NormPrefix = "norm=";

    public static Option<Trap?> Create() => new("--trap")
    {
        Description = "Record the step in which the loss or a gradient turns NaN or infinite (nan), or the first whose gradient norm is above BOUND, too (norm=BOUND)",
        HelpName = "nan|norm=BOUND",
        CustomParser = Parse,
    };

    private static Trap? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text == "nan")
            return new Trap(Norm: null);
        if (text.StartsWith(NormPrefix, StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(NormPrefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double bound)
            && bound > 0 && double.IsFinite(bound))
        {
            return new Trap(bound);
        }

        result.AddError($"--trap is nan, or norm= and a number above 0, not '{text}'");
        return null;
    }
}

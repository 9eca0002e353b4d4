using System.Globalization;

namespace Benchmarks.Scaling;

/// <summary>One size of a step that grows while the others stay.</summary>
/// <param name="Name">What grows, as on the command line.</param>
/// <param name="Option">The option of <c>step</c> that sets it.</param>
/// <param name="Values">Each twice the one before.</param>
/// <param name="Others">The other options of <c>step</c>.</param>
internal sealed record ScalingSeries(string Name, string Option, IReadOnlyList<int> Values, IReadOnlyList<string> Others)
{
    public static IReadOnlyList<ScalingSeries> All { get; } =
    [
        // Where attention would take memory with the square of the length, it would show here.
        new("length", "--length", [512, 1024, 2048, 4096], ["--preset", "long", "--batch", "1"]),
        new("batch", "--batch", [8, 16, 32, 64, 128], ["--preset", "small"]),
        new("model-size", "--model-size", [64, 128, 256, 512], ["--preset", "small", "--batch", "16"]),
    ];

    /// <summary>The arguments of one point's process.</summary>
    public string[] Arguments(int value, int threads, double seconds) =>
    [
        "step", .. Others, Option, Number(value), "--threads", Number(threads), "--seconds", Number(seconds), "--train-only", "--json",
    ];

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}

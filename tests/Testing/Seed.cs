using System.Globalization;

namespace Transformer.Testing;

/// <summary>The seed of tests that draw at random by themselves.</summary>
public static class Seed
{
    /// <summary>
    /// The same in each run, unless the variable of <see cref="Properties.ReplayVariable"/> is <c>new</c> or a seed to
    /// draw from again.
    /// </summary>
    public static int Value { get; } = Environment.GetEnvironmentVariable(Properties.ReplayVariable) switch
    {
        "new" => Environment.TickCount,
        { } text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed) => seed,
        _ => 2017,
    };
}

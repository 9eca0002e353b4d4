using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Transformer.Testing;

/// <summary>Statements that hold for every drawing.</summary>
public static class Properties
{
    /// <summary>
    /// Drawings are the same in each run, unless this environment variable is <c>new</c>. Where a property fails, FsCheck
    /// names the replay triple <c>(seed, gamma, size)</c>; set to <c>seed,gamma,size</c>, the variable begins with that drawing.
    /// </summary>
    public const string ReplayVariable = "TRANSFORMER_REPLAY";

    /// <summary>Draws <paramref name="count"/> shapes and seeds; the body throws where the statement does not hold.</summary>
    public static void Check(int count, Action<Drawing> body, Shapes? shapes = null) =>
        Check(count, (shapes ?? Shapes.Any).Drawings, body);

    /// <summary>The same over any generator.</summary>
    public static void Check<T>(int count, Arbitrary<T> arbitrary, Action<T> body)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true);
        string replay = Environment.GetEnvironmentVariable(ReplayVariable) ?? string.Empty;
        if (replay.Length == 0)
            config = config.WithReplay(2017, 6031769);
        else if (replay != "new")
            config = WithReplay(config, replay);
        FsCheck.Check.One(config, Prop.ForAll(arbitrary, body));
    }

    private static Config WithReplay(Config config, string replay)
    {
        string[] parts = replay.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length != 3)
            throw new FormatException($"{ReplayVariable} is new, or seed,gamma,size as FsCheck printed them, not {replay}.");
        return config.WithReplay(
            ulong.Parse(parts[0], CultureInfo.InvariantCulture),
            ulong.Parse(parts[1], CultureInfo.InvariantCulture),
            int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}

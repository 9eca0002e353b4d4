namespace Transformer.Autograd.Debugging;

/// <summary>One place at which two recordings differ.</summary>
/// <param name="What">A line for people: <c>#7 Softmax in encoder.layers.0.self_attn: output differs at [0, 2]: 0.31 and 0.29</c>.</param>
/// <param name="Event">The first recording's event number.</param>
/// <param name="Difference">Largest absolute difference there; NaN where it is one of structure.</param>
public sealed record RecordingDifference(string What, int Event, double Difference)
{
    /// <summary>Event number and what differs.</summary>
    public override string ToString() => FormattableString.Invariant($"event {Event}: {What}");
}

/// <summary>Compares two recordings.</summary>
public static class RecordingComparison
{
    /// <summary>Where they differ, in order of the timeline; empty where they are equal within the tolerance.</summary>
    /// <remarks>
    /// Events are compared one by one as long as operations, modules and shapes are the same. Where the two part (composed against
    /// fused attention), that is one difference; from there on they are compared by the outputs of modules that both ran, the
    /// loss, and values and gradients of leaves that both name.
    /// </remarks>
    /// <param name="first">A recording.</param>
    /// <param name="second">Another, of the same program or nearly so.</param>
    /// <param name="tolerance">Allowed difference relative to the largest number of the tensor; 0 demands equal bits.</param>
    public static IReadOnlyList<RecordingDifference> Compare(Recording first, Recording second, double tolerance = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        EventComparison events = new(first, second, tolerance);
        List<RecordingDifference> differences = events.Run();
        if (events.PartingEvent is { } parting)
            differences.AddRange(new NamedComparison(first, second, tolerance, parting).Run());
        return [.. differences.OrderBy(difference => difference.Event)];
    }

    /// <summary>The first differences, one a line, and how many there are.</summary>
    public static string Describe(IReadOnlyList<RecordingDifference> differences, int most = 10)
    {
        ArgumentNullException.ThrowIfNull(differences);
        if (differences.Count == 0)
            return "no difference";
        IEnumerable<string> lines = differences.Take(most).Select(difference => difference.ToString());
        string rest = differences.Count > most ? FormattableString.Invariant($"{Environment.NewLine}… and {differences.Count - most} more") : string.Empty;
        return string.Join(Environment.NewLine, lines) + rest;
    }
}

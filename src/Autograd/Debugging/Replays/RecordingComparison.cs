namespace Transformer.Autograd.Debugging;

/// <summary>One place at which two recordings differ.</summary>
/// <param name="What">A line for people: <c>#7 Softmax in encoder.layers.0.self_attn: output differs at [0, 2]: 0.31 and 0.29</c>.</param>
/// <param name="Event">The first recording's event number.</param>
/// <param name="Difference">Largest absolute difference there; NaN where it is one of structure.</param>
public sealed record RecordingDifference(string What, int Event, double Difference);

/// <summary>Compares two recordings.</summary>
public static class RecordingComparison
{
    /// <summary>Where they differ, in order of the timeline; empty where they are equal within the tolerance.</summary>
    /// <param name="first">A recording.</param>
    /// <param name="second">Another, of the same program or nearly so.</param>
    /// <param name="tolerance">Allowed difference relative to the largest number of the tensor; 0 demands equal bits.</param>
    public static IReadOnlyList<RecordingDifference> Compare(Recording first, Recording second, double tolerance = 0) =>
        throw new NotImplementedException();
}

namespace Transformer.Autograd.Debugging;

/// <summary>How telling a cause is: the order in which causes are reported.</summary>
internal enum CauseRank
{
    /// <summary>It alone decides the number.</summary>
    Decisive,

    /// <summary>The number holds more than one pass's gradient.</summary>
    Accumulated,

    /// <summary>It makes the number much smaller or larger.</summary>
    Strong,

    /// <summary>It helps to understand.</summary>
    Weak,
}

/// <summary>Collects the causes and steps of one report.</summary>
internal sealed class Findings
{
    private readonly List<(CauseRank Rank, Cause Cause)> causes = [];

    public List<WhyStep> Ranking { get; } = [];

    public List<WhyStep> Steps { get; } = [];

    public List<WhyStep> Spread { get; } = [];

    /// <summary>Adds a cause, once for each operation.</summary>
    public void Add(CauseRank rank, Cause? cause)
    {
        if (cause is not null && !causes.Exists(one => one.Cause.Name == cause.Name && one.Cause.Operation == cause.Operation))
            causes.Add((rank, cause));
    }

    /// <summary>Says whose values were left out, and that the way ends there.</summary>
    public void LeftOut(RecordedOperation? operation, TimelineEvent? entry, RecordedTensor tensor) =>
        Add(CauseRank.Decisive, new Cause("values left out", WhyText.LeftOut(operation, entry, tensor), operation));

    public WhyReport Report(string question) =>
        new(question, Steps, [.. causes.OrderBy(one => one.Rank).Select(one => one.Cause)]) { Ranking = Ranking, Spread = Spread };
}

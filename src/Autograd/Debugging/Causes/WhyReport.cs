namespace Transformer.Autograd.Debugging;

/// <summary>A reason that has a name.</summary>
/// <param name="Name">
/// One of: dead ReLU, masked key, saturated softmax, padding row, detached, unused, overflow in exp, division by zero,
/// first non-finite operation, …
/// </param>
/// <param name="Text">A sentence with the numbers that show it.</param>
/// <param name="Operation">Where; null where it is no operation.</param>
public sealed record Cause(string Name, string Text, RecordedOperation? Operation)
{
    /// <summary>Name and sentence.</summary>
    public override string ToString() => $"{Name}: {Text}";
}

/// <summary>One stretch of the way from a number back to where it comes from.</summary>
/// <param name="Event">The timeline event that contributed; 0 for a gradient from before the recording or a leaf's value.</param>
/// <param name="Tensor">To whose value or gradient.</param>
/// <param name="Position">Which element.</param>
/// <param name="Amount">What it contributed.</param>
/// <param name="Share">|amount| over the sum of all |amounts| at this stretch, 0 to 1.</param>
/// <param name="Text">A line for people.</param>
public sealed record WhyStep(int Event, RecordedTensor Tensor, int Position, double Amount, double Share, string Text)
{
    /// <summary>The line for people.</summary>
    public override string ToString() => Text;
}

/// <summary>Why a number is what it is.</summary>
/// <param name="Question">What was asked, with the number.</param>
/// <param name="Steps">The largest contributions, from the number back towards the loss (for a gradient) or the leaves (for a value).</param>
/// <param name="Causes">Causes that were found, the most telling first; may be empty.</param>
public sealed record WhyReport(string Question, IReadOnlyList<WhyStep> Steps, IReadOnlyList<Cause> Causes)
{
    private const int MostRanked = 8;
    private const int MostSteps = 40;
    private const int MostSpread = 8;

    /// <summary>
    /// Everything that contributed to the number asked for, largest first: each operation's contribution to a gradient,
    /// each input element's to a value. <see cref="Steps"/> follows the first.
    /// </summary>
    public IReadOnlyList<WhyStep> Ranking { get; init; } = [];

    /// <summary>
    /// Where numbers that are not finite are behind it: the event that made the first one, and the later ones that it spread
    /// to, in their order.
    /// </summary>
    public IReadOnlyList<WhyStep> Spread { get; init; } = [];

    /// <summary>Question, ranking, way, causes and spread, one a line.</summary>
    public override string ToString()
    {
        List<string> lines = [Question];
        Add(lines, "Contributions, largest first:", [.. Ranking.Select(step => step.Text)], MostRanked);
        Add(lines, "The way of the largest:", [.. Steps.Select(step => step.Text)], MostSteps);
        if (Causes.Count > 0)
            Add(lines, "Causes:", [.. Causes.Select(cause => cause.ToString())], Causes.Count);
        else
            lines.Add("Nothing unusual was found.");
        Add(lines, "How it spread:", [.. Spread.Select(step => step.Text)], MostSpread);
        return string.Join('\n', lines);
    }

    private static void Add(List<string> lines, string title, List<string> entries, int most)
    {
        if (entries.Count == 0)
            return;
        lines.Add(title);
        lines.AddRange(entries.Take(most).Select((entry, i) => $"  {i + 1,2}. {entry}"));
        if (entries.Count > most)
            lines.Add($"      … and {entries.Count - most} more");
    }
}

namespace Transformer.Autograd.Debugging;

/// <summary>Asks a recording why a number is what it is.</summary>
public static class Why
{
    /// <summary>
    /// Why ∂L/∂element is what it is after the first <paramref name="events"/> events: ranks what the operations
    /// contributed and follows the largest back to the loss.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has no such element.</exception>
    public static WhyReport OfGradient(Recording recording, RecordedTensor tensor, int position, int events = int.MaxValue)
    {
        Check(recording, tensor, position);
        Findings found = new();
        List<Arrival> arrivals = Arrival.Of(recording, tensor, events);
        string name = WhyText.Gradient(tensor, position);
        if (arrivals.Count == 0)
        {
            foreach (Cause cause in new GradientPaths(recording).WhyNone(tensor, events))
                found.Add(CauseRank.Decisive, cause);
            return found.Report($"Why is there no gradient {name}?");
        }

        string number = "?";
        try
        {
            double value = recording.GradientOf(tensor, events)!.ValueAt(position);
            number = WhyText.Number(value);
            Rank(found, tensor, position, arrivals);
            if (!double.IsFinite(value))
                NonFiniteSearch.Report(recording, found);
        }
        catch (ValuesLeftOutException)
        {
            found.LeftOut(null, arrivals[^1].Event, tensor);
            return found.Report($"Why is {name} what it is?");
        }

        GradientWalk.Follow(recording, found, tensor, position, arrivals);
        found.Add(CauseRank.Accumulated, NotReset(tensor, arrivals));
        foreach (Cause cause in new GradientPaths(recording).DetachedBranches(tensor))
            found.Add(CauseRank.Strong, cause);
        found.Add(CauseRank.Strong, LayerGradients.Find(recording, arrivals[^1].Event));
        return found.Report($"Why is {name} = {number}?");
    }

    /// <summary>Why an element has its value: ranks the input elements that it was computed from and follows the largest to the leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has no such element.</exception>
    public static WhyReport OfValue(Recording recording, RecordedTensor tensor, int position) => OfValue(recording, tensor, position, []);

    /// <summary>The same for a replay in which elements were given other values.</summary>
    internal static WhyReport OfValue(Recording recording, RecordedTensor tensor, int position, IReadOnlyList<ValueEdit> edits)
    {
        Check(recording, tensor, position);
        Findings found = new();
        string number = "?";
        try
        {
            double value = tensor.Values.ValueAt(position);
            number = WhyText.Number(value);
            if (!double.IsFinite(value))
                NonFiniteSearch.Report(recording, found);
        }
        catch (ValuesLeftOutException)
        {
            found.LeftOut(tensor.Producer, null, tensor);
        }

        ValueWalk.Follow(recording, found, tensor, position, edits);
        return found.Report($"Why is {WhyText.Element(tensor, position)} = {number}?");
    }

    /// <summary>
    /// Where the first NaN or infinity came from, forwards or backwards, and how far it spread. Scores of −∞ that mask
    /// keys are no fault.
    /// </summary>
    public static WhyReport OfNonFinite(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        Findings found = new();
        NonFiniteSearch.Report(recording, found);
        return found.Report("Where does the first NaN or infinity come from?");
    }

    private static void Check(Recording recording, RecordedTensor tensor, int position)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(tensor);
        if (position < 0 || position >= tensor.Shape.ElementCount)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"Why: {tensor} has {tensor.Shape.ElementCount} elements.");
    }

    private static void Rank(Findings found, RecordedTensor tensor, int position, List<Arrival> arrivals)
    {
        double sum = arrivals.Sum(arrival => Math.Abs(arrival.Values.ValueAt(position)));
        foreach (Arrival arrival in arrivals.OrderByDescending(arrival => Elements.Magnitude(arrival.Values.ValueAt(position))))
        {
            double amount = arrival.Values.ValueAt(position);
            double share = Elements.Share(amount, sum);
            found.Ranking.Add(new WhyStep(
                arrival.Event?.Number ?? 0, tensor, position, amount, share,
                $"{WhyText.Number(amount)} ({WhyText.Percent(share)}) {arrival.Origin}"));
        }
    }

    private static Cause? NotReset(RecordedTensor tensor, List<Arrival> arrivals)
    {
        int passes = arrivals.Where(arrival => arrival.Event is not null).Select(arrival => arrival.Event!.Pass).Distinct().Count();
        bool isOlder = arrivals.Exists(arrival => arrival.Event is null);
        if (passes < 2 && !isOlder)
            return null;
        string since = tensor.Version > 1 ? "before its values were edited" : "before the recording";
        string older = isOlder ? $"a gradient (norm {WhyText.Number(arrivals[0].Values.Statistics.Norm)}) from {since} and " : string.Empty;
        return new Cause(
            "gradient never reset",
            $"{tensor.Label}.grad adds up {older}{passes} backward pass{(passes == 1 ? string.Empty : "es")} without a reset in between; "
            + "call ZeroGradient before each step, unless micro-batches are meant to add up",
            null);
    }
}

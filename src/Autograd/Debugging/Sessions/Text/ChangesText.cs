namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>What a replay with other values changed: the loss, and the tensors and gradients that changed most.</summary>
internal sealed class ChangesText(SessionState session, SessionView before, SessionView after)
{
    private const int Most = 5;

    public override string ToString()
    {
        List<string> lines = [];
        if (before.Recording.Loss is { } loss && after.Recording.Loss is { } newLoss)
            lines.Add($"  loss {session.Values.Inline(loss.Values)} → {session.Values.Inline(newLoss.Values)}");
        Add(lines, "values", tensor => tensor.Values, tensor => tensor.Values);
        Add(lines, "gradients", tensor => before.Gradients.OfKept(tensor, before.Total), tensor => after.Gradients.OfKept(tensor, after.Total));
        AddDetached(lines);
        return string.Join('\n', lines);
    }

    // The graph does not lead from a tensor to its detached copy: the copy's numbers are the recorded ones.
    private void AddDetached(List<string> lines)
    {
        foreach (RecordedTensor copy in before.Recording.Tensors)
        {
            if (copy.DetachedFrom is { } source && Change(source.Values, after.Recording.Tensors[source.Id].Values) > 0)
            {
                lines.Add($"  {session.Ink.Name(after.Index.Reference(after.Recording.Tensors[copy.Id]))} is a detached copy of "
                    + $"{session.Ink.Name(after.Index.Reference(after.Recording.Tensors[source.Id]))} and keeps its recorded values");
            }
        }
    }

    private void Add(List<string> lines, string what, Func<RecordedTensor, RecordedValues?> old, Func<RecordedTensor, RecordedValues?> now)
    {
        (string Name, double Change)[] changes =
        [
            .. before.Recording.Tensors.Select(tensor => (after.Index.Reference(after.Recording.Tensors[tensor.Id]), Change(old(tensor), now(after.Recording.Tensors[tensor.Id]))))
                .Where(entry => entry.Item2 > 0)
                .OrderByDescending(entry => entry.Item2),
        ];
        if (changes.Length == 0)
        {
            lines.Add($"  no {what} changed");
            return;
        }

        lines.Add($"  {changes.Length} of {before.Recording.Tensors.Count} tensors have other {what}; changed most, relative to the norm:");
        foreach ((string name, double change) in changes.Take(Most))
            lines.Add($"    {session.Ink.Name(name)}  {NumberText.Percent(change)}");
    }

    // ‖after − before‖ / max(‖before‖, ‖after‖): 0 for none, at most 2; a number that is no longer finite counts as 2.
    private static double Change(RecordedValues? old, RecordedValues? now)
    {
        if (old is not { IsComplete: true } || now is not { IsComplete: true })
            return 0;
        double difference = 0;
        for (int i = 0; i < old.Count; i++)
        {
            double a = old.ValueAt(i);
            double b = now.ValueAt(i);
            if (!a.Equals(b) && (!double.IsFinite(a) || !double.IsFinite(b)))
                return 2;
            difference += a.Equals(b) ? 0 : (b - a) * (b - a);
        }

        double norm = Math.Max(old.Statistics.Norm, now.Statistics.Norm);
        return norm == 0 ? 0 : Math.Sqrt(difference) / norm;
    }
}

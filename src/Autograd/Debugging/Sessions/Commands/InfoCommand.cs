namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Info() : SessionCommand("info", "info", "the recording: facts, counts, what it left out")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        Recording recording = session.View.Recording;
        List<string> lines = [];
        foreach ((string name, string text) in recording.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
            lines.Add($"{name}: {text}");
        int parameters = recording.Tensors.Count(tensor => tensor.IsParameter);
        lines.Add($"{recording.Operations.Count} operations, {recording.Tensors.Count} tensors of which {parameters} parameters, {session.View.Index.Passes} backward {(session.View.Index.Passes == 1 ? "pass" : "passes")}, {session.View.Total} events");
        if (recording.Loss is { } loss)
            lines.Add($"loss: {session.View.Index.Reference(loss)} = {session.Values.Inline(loss.Values)}");
        if (session.View.Edits.Count > 0)
            lines.Add($"set: {session.View.EditText}");
        RecordedTensor[] leftOut = [.. recording.Tensors.Where(tensor => !tensor.Values.IsComplete)];
        int leftOutGradients = recording.Timeline.Sum(entry => entry.Contributions.Count(contribution => !contribution.Values.IsComplete));
        lines.Add(leftOut.Length + leftOutGradients == 0
            ? "all values were kept"
            : $"left out for their size, kept as statistics: {leftOut.Length} tensors{Names(session, leftOut)} and {leftOutGradients} contributions to gradients");
        return string.Join('\n', lines);
    }

    private static string Names(SessionState session, RecordedTensor[] tensors) => tensors.Length == 0
        ? string.Empty
        : $" ({string.Join(", ", tensors.Take(10).Select(session.View.Index.Reference))}{(tensors.Length > 10 ? ", …" : "")})";
}

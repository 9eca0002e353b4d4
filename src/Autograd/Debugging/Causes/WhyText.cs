using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>Numbers, elements and operations as they stand in a report.</summary>
internal static class WhyText
{
    public static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "∞"
        : double.IsNegativeInfinity(value) ? "-∞"
        : value == 0 ? "0"
        : value.ToString("G6", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("G3", CultureInfo.InvariantCulture) + " %";

    /// <summary><c>[2, 7]</c>; empty for a scalar.</summary>
    public static string Index(Shape shape, int position) =>
        shape.Rank == 0 ? string.Empty : $"[{string.Join(", ", shape.IndexOf(position))}]";

    /// <summary><c>#12[0, 2]</c>.</summary>
    public static string Element(RecordedTensor tensor, int position) => tensor.Label + Index(tensor.Shape, position);

    /// <summary><c>#12.grad[0, 2]</c>.</summary>
    public static string Gradient(RecordedTensor tensor, int position) => $"{tensor.Label}.grad{Index(tensor.Shape, position)}";

    /// <summary>An element and its value, or that the value was left out.</summary>
    public static string Valued(RecordedTensor tensor, int position) =>
        $"{Element(tensor, position)}{(tensor.Values.IsComplete ? " = " + Number(tensor.Values.ValueAt(position)) : string.Empty)}";

    /// <summary><c>event 3, forward #3 Sum</c>.</summary>
    public static string Event(TimelineEvent entry) => entry.Kind switch
    {
        TimelineEventKind.Forward => $"event {entry.Number}, forward {entry.Operation}",
        TimelineEventKind.Backward => $"event {entry.Number}, backward {entry.Operation}",
        TimelineEventKind.BackwardStart => $"event {entry.Number}, backward begins at {entry.Tensor.Label}",
        _ => $"event {entry.Number}, the gradient of {entry.Tensor.Label} is forgotten",
    };

    /// <summary>The line that called the operation, in parentheses after a blank; empty where unknown.</summary>
    public static string Line(RecordedOperation operation) =>
        (operation.LayerLine ?? operation.UserLine) is { } frame ? $" ({frame})" : string.Empty;

    /// <summary>The layer's line and the program's, each with its text; empty where unknown.</summary>
    public static string Lines(RecordedOperation operation)
    {
        SourceFrame?[] frames = operation.LayerLine == operation.UserLine
            ? [operation.UserLine]
            : [operation.LayerLine, operation.UserLine];
        string[] known = [.. frames.OfType<SourceFrame>().Select(frame => frame.Text.Length > 0 ? $"{frame}: {frame.Text}" : $"{frame}")];
        return known.Length == 0 ? string.Empty : $" ({string.Join("; called from ", known)})";
    }

    /// <summary>Which of an operation's numbers the recording left out.</summary>
    public static string LeftOut(RecordedOperation? operation, TimelineEvent? entry, RecordedTensor tensor)
    {
        List<(string Name, RecordedValues? Values)> all = [(tensor.Label, tensor.Values)];
        string label = operation is null ? tensor.Label : $"#{operation.Number}";
        if (operation is not null)
        {
            all.AddRange(operation.Inputs.Select((input, i) => ($"{label}.in{i}", (RecordedValues?)input.Values)));
            all.Add((label, operation.Output.Values));
            all.AddRange(operation.Saved.Select(saved => ($"{label}.{saved.Key}", (RecordedValues?)saved.Value)));
        }

        all.Add(($"{label}.grad", entry?.Gradient));
        if (entry is not null)
            all.AddRange(entry.Contributions.Select(c => ($"{label}.in{c.InputPosition}.grad", (RecordedValues?)c.Values)));
        IEnumerable<string> missing = all.Where(one => one.Values is { IsComplete: false }).Select(one => $"{one.Name} {one.Values!.Shape}").Distinct();
        return $"the recording left out values of {operation?.ToString() ?? tensor.Label} for their size ({string.Join(", ", missing)}); the way stops here";
    }
}

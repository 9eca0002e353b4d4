using System.Text;

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>What has just happened at the cursor, in a few lines.</summary>
internal sealed class PlaceText(Ink ink, ValuesText values)
{
    public string Of(SessionView view)
    {
        if (view.Here is not { } entry)
            return ink.Strong("start") + $" of {view.Total} events{Inside(view)}{Set(view)}";
        StringBuilder text = new();
        text.Append(ink.Strong($"event {entry.Number} of {view.Total}")).Append("  ").Append(What(entry, view)).Append(Inside(view)).Append(Set(view));
        foreach (string line in Numbers(entry, view))
            text.Append("\n  ").Append(line);
        foreach (SourceFrame source in Lines(entry.Operation))
            text.Append("\n  ").Append(ink.Faint($"at {source}  {source.Text}".TrimEnd()));
        return text.ToString();
    }

    /// <summary>The program's line, then the layer's where that is another.</summary>
    public static IEnumerable<SourceFrame> Lines(RecordedOperation? operation)
    {
        if (operation?.UserLine is { } user)
            yield return user;
        if (operation?.LayerLine is { } layer && layer != operation.UserLine)
            yield return layer;
    }

    /// <summary>Number, kind and module of an operation with its shapes.</summary>
    public string Operation(RecordedOperation operation, RecordingIndex index)
    {
        string inputs = string.Join(", ", operation.Inputs.Select(input => $"{Named(input, operation, index)} {input.Shape}"));
        string output = index.Reference(operation.Output) is { } name && name != FormattableString.Invariant($"#{operation.Number}") ? name + " " : string.Empty;
        return $"{ink.Name($"#{operation.Number} {operation.Kind}")}({inputs}) → {output}{operation.Output.Shape}";
    }

    private static string Inside(SessionView view) => view.Title.Length == 0 ? string.Empty : $"  inside {view.Title}";

    // These numbers are not those of the program.
    private string Set(SessionView view) => view.EditText.Length == 0 ? string.Empty : ink.Warning($"  what if {view.EditText}");

    private static string Named(RecordedTensor input, RecordedOperation operation, RecordingIndex index) =>
        input.Producer is null && input.Name.Length == 0
            ? FormattableString.Invariant($"in{operation.Inputs.Index().First(entry => entry.Item == input).Index}")
            : index.Reference(input);

    private string What(TimelineEvent entry, SessionView view)
    {
        string name = ink.Name(view.Index.Reference(entry.Tensor));
        string pass = view.Index.Passes > 1 ? $" {entry.Pass}" : string.Empty;
        string where = entry.Operation is { Module.Length: > 0 } operation ? $"  in {operation.Module}" : string.Empty;
        return entry.Kind switch
        {
            TimelineEventKind.Forward => $"forward  {Operation(entry.Operation!, view.Index)}{where}",
            TimelineEventKind.Backward => $"backward{pass}  {Operation(entry.Operation!, view.Index)}{where}",
            TimelineEventKind.BackwardStart => $"backward{pass} begins at {name} {entry.Tensor.Shape}",
            _ => $"the gradient of {name} {entry.Tensor.Shape} is forgotten",
        };
    }

    private IEnumerable<string> Numbers(TimelineEvent entry, SessionView view)
    {
        string name = view.Index.Reference(entry.Tensor);
        if (entry.Kind == TimelineEventKind.Forward)
            yield return $"{name} = {values.Inline(entry.Tensor.Values)}";
        if (entry.Gradient is { } gradient)
            yield return $"{name}.grad = {values.Inline(gradient)}{(entry.Kind == TimelineEventKind.Backward ? ink.Faint("  (incoming)") : string.Empty)}";
        foreach (IGrouping<RecordedTensor, Contribution> group in entry.Contributions.GroupBy(contribution => contribution.Input))
        {
            foreach (string line in Arrivals(view, entry, [.. group]))
                yield return line;
        }
    }

    // Each contribution, and where it was not the first, the gradient that it makes.
    private IEnumerable<string> Arrivals(SessionView view, TimelineEvent entry, IReadOnlyList<Contribution> contributions)
    {
        RecordedTensor input = contributions[0].Input;
        string name = view.Index.Reference(input) + ".grad";
        bool isFirst = !view.Gradients.IsAddition(input, entry);
        if (isFirst && contributions.Count == 1)
        {
            yield return $"{name} = {values.Inline(contributions[0].Values)}";
            yield break;
        }

        foreach (Contribution contribution in contributions)
            yield return $"{name} += {values.Inline(contribution.Values)}{(contributions.Count > 1 ? ink.Faint($"  (in{contribution.InputPosition})") : string.Empty)}";
        // Where the values of a contribution were left out, there is no sum to show.
        if (view.Gradients.OfKept(input, entry.Number) is { } sum)
            yield return $"{name} = {values.Inline(sum)}";
    }
}

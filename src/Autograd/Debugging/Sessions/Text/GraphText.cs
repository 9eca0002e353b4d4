using System.Text;

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>The operations around one of them, as two trees: where its inputs come from, and what reads its output.</summary>
internal sealed class GraphText(Ink ink, SessionView view, int depth)
{
    // A tensor that everything reads, such as a mask, would fill the screen.
    private const int MostBranches = 8;

    private readonly StringBuilder text = new();
    private readonly HashSet<RecordedOperation> drawn = [];

    public string Of(RecordedOperation operation)
    {
        text.Append(ink.Strong(Line(operation)));
        Branches("made from", [.. operation.Inputs.Distinct()], string.Empty, depth, Producers);
        IReadOnlyList<RecordedOperation> readers = view.Index.ReadersOf(operation.Output);
        if (readers.Count == 0)
            text.Append("\nread by nothing");
        else
            Branches("read by", readers, string.Empty, depth, Readers);
        return text.ToString();
    }

    private void Branches<T>(string title, IReadOnlyList<T> items, string indent, int left, Action<T, string, int> draw)
    {
        if (title.Length > 0)
            text.Append('\n').Append(title);
        int shown = Math.Min(items.Count, MostBranches);
        for (int i = 0; i < shown; i++)
        {
            bool isLast = i == items.Count - 1;
            text.Append('\n').Append(indent).Append(isLast ? "└─ " : "├─ ");
            draw(items[i], indent + (isLast ? "   " : "│  "), left - 1);
        }

        if (shown < items.Count)
            text.Append('\n').Append(indent).Append(ink.Faint($"└─ … and {items.Count - shown} more"));
    }

    private void Producers(RecordedTensor tensor, string indent, int left)
    {
        if (tensor.Producer is not { } producer)
        {
            string what = tensor.IsParameter ? "parameter" : tensor.DetachedFrom is null ? "leaf" : $"detached from {view.Index.Reference(tensor.DetachedFrom)}";
            text.Append($"{ink.Name(view.Index.Reference(tensor))} {tensor.Shape}  {what}");
            return;
        }

        text.Append(Line(producer));
        bool isNew = drawn.Add(producer);
        if (left > 0 && isNew)
            Branches(string.Empty, [.. producer.Inputs.Distinct()], indent, left, Producers);
        else if (producer.Inputs.Count > 0)
            text.Append(ink.Faint(isNew ? "  …" : "  (see above)"));
    }

    private void Readers(RecordedOperation operation, string indent, int left)
    {
        text.Append(Line(operation));
        IReadOnlyList<RecordedOperation> readers = view.Index.ReadersOf(operation.Output);
        if (left > 0)
            Branches(string.Empty, readers, indent, left, Readers);
        else if (readers.Count > 0)
            text.Append(ink.Faint("  …"));
    }

    private string Line(RecordedOperation operation)
    {
        string name = operation.Output.Name.Length > 0 ? $" {operation.Output.Label}" : string.Empty;
        string module = operation.Module.Length > 0 ? ink.Faint($"  {operation.Module}") : string.Empty;
        return $"{ink.Name($"#{operation.Number} {operation.Kind}")}{name} {operation.Output.Shape}{module}";
    }
}

using Transformer.Autograd.Debugging.Sessions.Addresses;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

/// <summary>A command about the numbers of one address.</summary>
internal abstract class ValueCommand(string name, string usage, string summary, string details, params IReadOnlyList<string> aliases)
    : SessionCommand(name, usage, summary, details, aliases)
{
    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        words.Count == 0 ? Completions.Addresses(session) : [];

    public override string Run(SessionState session, Scanner arguments)
    {
        Address address = arguments.AtEnd ? Here(session.View) : AddressParser.Parse(arguments, session.View);
        arguments.End();
        return ValuesAt(session.View, address, out string note) is { } values
            ? Show(session, address, values, note.Length == 0 ? note : session.Ink.Faint($"  ({note})"))
            : note;
    }

    protected abstract string Show(SessionState session, Address address, RecordedValues values, string note);

    /// <summary>What the present event is about: an output, or in a backward pass its gradient.</summary>
    public static Address Here(SessionView view) => view.Here is { } entry
        ? AddressParser.Of(entry.Tensor, entry.Kind == TimelineEventKind.Forward ? AddressKind.Value : AddressKind.Gradient, view.Index)
        : throw new CommandException("name a tensor: nothing has happened yet at the start");

    /// <summary>
    /// The numbers at the cursor. Values that the recording computes only later are given with a note; a gradient is what has
    /// arrived up to here, and where none has, null and the reason.
    /// </summary>
    public static RecordedValues? ValuesAt(SessionView view, Address address, out string note)
    {
        note = string.Empty;
        if (address.At(view, view.Cursor) is { } values)
            return values;
        if (address.At(view, view.Total) is not { } later)
        {
            note = address.Tensor.RequiresGradient
                ? $"{address.Name}: no gradient arrives in this recording"
                : $"{address.Name}: the tensor requires no gradient";
            return null;
        }

        if (address.Kind is AddressKind.Value or AddressKind.Saved)
        {
            note = $"computed at event {view.Index.ForwardEventOf(address.Operation ?? address.Tensor.Producer!)}, after this place";
            return later;
        }

        note = $"{address.Name}: nothing has arrived up to event {view.Cursor}";
        TimelineEvent? first = view.Recording.GradientEventsOf(address.Tensor).FirstOrDefault(entry => entry.Number > view.Cursor);
        note += first is null ? string.Empty : $"; event {first.Number} is the next to bring something";
        return null;
    }
}

internal sealed class Print() : ValueCommand(
    "print", "print [ADDRESS]", "values, whole or a slice",
    """
    An address is a tensor's name or #12, the output of operation 12; leaf3, an unnamed leaf; loss.
    x.grad               its gradient at the cursor
    #12.in0              the operation's first input; #12.in0.grad: its own contribution to that input's gradient
    #12.weights          what the operation kept for its backward pass
    x[0, 2]  x[0, 1:3]   one element, a slice; negative indices count from the end
    x@2                  the second version of a tensor whose values were edited, as training does; x alone: the one at the cursor
    The end of a dotted name will do where it is the only one. Without an address: what the event computed.
    """, "p")
{
    protected override string Show(SessionState session, Address address, RecordedValues values, string note)
    {
        Selection selection = address.Selection;
        string name = session.Ink.Name(address.ToString());
        if (!values.IsComplete)
            return $"{name} {values.Shape} {values.DType}  {session.Values.Inline(values)}{note}";
        if (selection.IsElement)
            return $"{name} = {session.Values.Inline(values, selection)}{note}";
        string header = $"{name} {selection.Shape} {values.DType}{note}";
        if (selection.Shape.ElementCount == 0)
            return header + "  empty";
        bool isAbbreviated = selection.Shape.Any(size => size > Text.ValuesText.Few);
        string statistics = isAbbreviated
            ? "\n  " + session.Values.Statistics(selection.IsWhole ? values.Statistics : Text.ValuesText.StatisticsOf(values, selection))
            : string.Empty;
        return $"{header}{statistics}\n{session.Values.Rows(values, selection)}";
    }
}

internal sealed class Stats() : ValueCommand(
    "stats", "stats [ADDRESS]", "minimum, maximum, mean, norm, zeros, NaN and infinities",
    "Minimum, maximum, mean and norm are those of the finite elements.")
{
    protected override string Show(SessionState session, Address address, RecordedValues values, string note)
    {
        TensorStatistics statistics = address.Selection.IsWhole ? values.Statistics : Text.ValuesText.StatisticsOf(values, address.Selection);
        string Number(double value) => session.Numbers.Of(value);
        return $"""
            {session.Ink.Name(address.ToString())} {address.Selection.Shape} {values.DType}{note}
              min   {Number(statistics.Min)}
              max   {Number(statistics.Max)}
              mean  {Number(statistics.Mean)}
              norm  {Number(statistics.Norm)}
              zeros {statistics.Zeros} of {statistics.Count} ({Text.NumberText.Percent(statistics.ZeroShare)})
              NaN   {statistics.NaNs}
              inf   {statistics.Infinities}
            """;
    }
}

internal sealed class Heat() : ValueCommand(
    "heat", "heat [ADDRESS]", "a heat map of a matrix",
    "Of a tensor with more axes the first matrix, or the one that indices choose: heat #12.weights[0, 1]. Red is positive, blue negative;\n"
    + "without colour the digits 0 to 9 stand for the size, 9 for the largest, with a minus sign before negative numbers.")
{
    protected override string Show(SessionState session, Address address, RecordedValues values, string note) =>
        new Text.HeatMap(session.Ink).Of(session.View.Recording, address, values, note);
}

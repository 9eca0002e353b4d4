using Transformer.Autograd.Debugging.Sessions.Addresses;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Expressions;

/// <summary>
/// A number that can be asked for at any point of a recording: none where nothing has it yet, several where a name with
/// wildcards or "any" stands for several tensors.
/// </summary>
internal abstract class Measure
{
    /// <summary>True where it is a property of the event itself rather than a state that lasts.</summary>
    public virtual bool IsOfEvent => false;

    public abstract IEnumerable<double> At(SessionView view, int cursor);
}

/// <summary>The number of the event.</summary>
internal sealed class EventNumber : Measure
{
    public override bool IsOfEvent => true;

    public override IEnumerable<double> At(SessionView view, int cursor) => [cursor];
}

/// <summary>The number of the operation.</summary>
internal sealed class OperationNumber : Measure
{
    public override bool IsOfEvent => true;

    public override IEnumerable<double> At(SessionView view, int cursor) =>
        view.EventAt(cursor)?.Operation is { } operation ? [operation.Number] : [];
}

/// <summary>How far an operation's backward pass is from finite differences of its forward pass.</summary>
internal sealed class LocalError : Measure
{
    public override bool IsOfEvent => true;

    public override IEnumerable<double> At(SessionView view, int cursor) =>
        view.EventAt(cursor) is { Kind: TimelineEventKind.Backward } entry ? [LocalErrors.Of(view.Recording, entry)] : [];
}

/// <summary>Names of tensors as written in an expression, found again in whichever recording one is looking at.</summary>
internal sealed class Named(string name, int column)
{
    private RecordingIndex? lastIndex;
    private IReadOnlyList<Address> found = [];

    /// <summary>What they mean in a recording; nothing where it has no such tensor.</summary>
    public IReadOnlyList<Address> In(RecordingIndex index)
    {
        if (lastIndex == index)
            return found;
        lastIndex = index;
        found = [];
        try
        {
            found = Require(index);
        }
        catch (CommandException)
        {
            // An expression outlives the recording for which it was written: inside a fused operation it asks of nothing.
        }

        return found;
    }

    /// <exception cref="CommandException">There is no such tensor.</exception>
    public IReadOnlyList<Address> Require(RecordingIndex index) => AddressParser.Several(name, index, column);
}

/// <summary>One element.</summary>
internal sealed class ElementValue(Named named, string? brackets, int column) : Measure
{
    public override IEnumerable<double> At(SessionView view, int cursor)
    {
        foreach (Address address in named.In(view.Index))
        {
            if (address.At(view, cursor) is { IsComplete: true } values)
                yield return values.ValueAt(PositionIn(address));
        }
    }

    /// <exception cref="CommandException">It is not one element of such a tensor.</exception>
    public int PositionIn(Address address)
    {
        Selection selection = brackets is null ? Selection.Whole(address.Shape) : Selection.Parse(brackets, address.Shape, column);
        return selection.IsElement || address.Shape.ElementCount == 1
            ? selection.First
            : throw new CommandException($"{address.Name}{selection} is {selection.Shape}, not one element: write norm({address.Name}) or give all indices", column);
    }
}

/// <summary>One of the statistics of a tensor, of a slice of it, or of everything that the event computed.</summary>
/// <param name="function">Which.</param>
/// <param name="named">The tensor; null for everything that the event computed.</param>
/// <param name="brackets">The slice; null for the whole tensor.</param>
/// <param name="column">Where the slice stands in the command.</param>
internal sealed class Statistic(Func<TensorStatistics, double> function, Named? named, string? brackets, int column) : Measure
{
    private (RecordedValues? Values, double Result) last;

    public static IReadOnlyDictionary<string, Func<TensorStatistics, double>> Functions { get; } =
        new Dictionary<string, Func<TensorStatistics, double>>
        {
            ["norm"] = statistics => statistics.Norm,
            ["min"] = statistics => statistics.Min,
            ["max"] = statistics => statistics.Max,
            ["mean"] = statistics => statistics.Mean,
            ["zeros"] = statistics => statistics.ZeroShare,
            ["nan"] = statistics => statistics.NaNs,
            ["inf"] = statistics => statistics.Infinities,
        };

    public override bool IsOfEvent => named is null;

    public override IEnumerable<double> At(SessionView view, int cursor)
    {
        if (named is null)
            return Produced(view.EventAt(cursor)).Select(values => function(values.Statistics));
        return named.In(view.Index)
            .Select(address => (address, values: address.At(view, cursor)))
            .Where(pair => pair.values is not null && (brackets is null || pair.values.IsComplete))
            .Select(pair => Of(pair.address, pair.values!));
    }

    /// <exception cref="CommandException">The tensor has no such slice.</exception>
    public Selection? SliceOf(Address address) => brackets is null ? null : Selection.Parse(brackets, address.Shape, column);

    /// <summary>What an event computed: an output, or an incoming gradient and contributions.</summary>
    public static IEnumerable<RecordedValues> Produced(TimelineEvent? entry) => entry switch
    {
        null => [],
        { Kind: TimelineEventKind.Forward } => [entry.Tensor.Values],
        { Gradient: { } gradient } => entry.Contributions.Select(contribution => contribution.Values).Prepend(gradient),
        _ => [],
    };

    // Whole tensors know their statistics; of a slice those of the last values are remembered, which seldom change.
    private double Of(Address address, RecordedValues values)
    {
        if (SliceOf(address) is not { } slice)
            return function(values.Statistics);
        if (last.Values != values)
            last = (values, function(ValuesText.StatisticsOf(values, slice)));
        return last.Result;
    }
}

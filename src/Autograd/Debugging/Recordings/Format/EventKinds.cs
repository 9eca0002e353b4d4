namespace Transformer.Autograd.Debugging;

/// <summary>How a file spells the kinds of events.</summary>
internal static class EventKinds
{
    private static readonly (TimelineEventKind Kind, string Name)[] Table =
    [
        (TimelineEventKind.Forward, "forward"),
        (TimelineEventKind.BackwardStart, "backward_start"),
        (TimelineEventKind.Backward, "backward"),
        (TimelineEventKind.GradientReset, "gradient_reset"),
    ];

    public static string Name(TimelineEventKind kind) => Table.Single(row => row.Kind == kind).Name;

    /// <exception cref="InvalidDataException">There is no such kind.</exception>
    public static TimelineEventKind Parse(string name, string where)
    {
        foreach ((TimelineEventKind kind, string known) in Table)
        {
            if (known == name)
                return kind;
        }

        throw new InvalidDataException($"{where} is of an unknown kind '{name}'");
    }
}

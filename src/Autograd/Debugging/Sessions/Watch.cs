using Transformer.Autograd.Debugging.Sessions.Addresses;
using Transformer.Autograd.Debugging.Sessions.Expressions;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>Something that is shown at every stop: a tensor, a number or a condition.</summary>
internal sealed class Watch
{
    private readonly Func<SessionView, string> show;

    private Watch(int number, string text, Func<SessionView, string> show)
    {
        Number = number;
        Text = text;
        this.show = show;
    }

    public int Number { get; }

    public string Text { get; }

    public string Show(SessionView view) => $"{Text} = {show(view)}";

    /// <summary>Reads an address, a measure such as <c>norm(x.grad)</c>, or a condition.</summary>
    public static Watch Parse(int number, Scanner scanner, SessionView view, ValuesText values)
    {
        int start = scanner.Position;
        string text = scanner.Line[start..].Trim();
        if (TryAddress(scanner, view) is { } address)
        {
            // Looked up by name each time: the recording may be another by then.
            return new Watch(number, text, now =>
                TryAddress(new Scanner(text), now) is not { } found ? "not here"
                : found.At(now, now.Cursor) is { } numbers ? values.Inline(numbers, found.Selection) : "none yet");
        }

        scanner.Position = start;
        ExpressionParser parser = new(scanner, view.Index);
        if (TryMeasure(scanner, parser) is { } measure)
        {
            return new Watch(number, text, now =>
                string.Join(", ", measure.At(now, now.Cursor).Select(value => values.Numbers.Of(value)).DefaultIfEmpty("none yet")));
        }

        scanner.Position = start;
        Condition condition = parser.Expression();
        scanner.End();
        return new Watch(number, text, now => condition.Holds(now, now.Cursor) ? "true" : "false");
    }

    private static Address? TryAddress(Scanner scanner, SessionView view)
    {
        try
        {
            Address address = AddressParser.Parse(scanner, view);
            return scanner.AtEnd ? address : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private static Measure? TryMeasure(Scanner scanner, ExpressionParser parser)
    {
        try
        {
            Measure measure = parser.Measure();
            return scanner.AtEnd ? measure : null;
        }
        catch (CommandException)
        {
            return null;
        }
    }
}

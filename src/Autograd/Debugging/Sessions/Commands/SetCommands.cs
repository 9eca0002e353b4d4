using Transformer.Autograd.Debugging.Sessions.Addresses;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Set() : SessionCommand(
    "set", "set ADDRESS[i, j] = V", "what if: another value for one element",
    "What depends on it is replayed, forwards and backwards; the session goes on with the result until 'unset'. Several may be set.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        if (session.IsInside)
            throw new CommandException("leave the fused operation with 'out' first");
        Address address = AddressParser.Parse(arguments, session.View);
        int start = arguments.Position;
        if (!arguments.Take("="))
            throw new CommandException($"expected = and a number here", start);
        double value = arguments.Number();
        arguments.End();
        if (address.Kind != AddressKind.Value)
            throw new CommandException("set changes a tensor's value; gradients follow from it");
        int position = address.Element($"set {session.View.Index.Reference(address.Tensor)}{Selection.Brackets(address.Shape, 0)} = {NumberText.Short(value)}");

        // The replay's tensors have the numbers of the original's.
        SessionView before = session.View;
        SessionView original = before.Original ?? before;
        RecordedTensor tensor = original.Recording.Tensors[address.Tensor.Id];
        ValueEdit[] edits = [.. before.Edits.Where(edit => edit.Tensor != tensor || edit.Position != position), new ValueEdit(tensor, position, value)];
        Recording replayed = Replay.Run(original.Recording, null, edits).Recording;
        session.Replace(new SessionView(replayed) { Original = original, Edits = edits });
        return $"set {SetText.Of(original.Index, edits[^1])}\n{new ChangesText(session, before, session.View)}";
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        words.Count == 0 ? Completions.Addresses(session).Where(name => !name.EndsWith(".grad", StringComparison.Ordinal)) : [];
}

internal sealed class Unset() : SessionCommand("unset", "unset", "back to the recording as it was before 'set'")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        if (session.IsInside)
            throw new CommandException("leave the fused operation with 'out' first");
        SessionView original = session.View.Original ?? throw new CommandException("nothing was set");
        session.Replace(original);
        return session.Stop();
    }
}

/// <summary>An edit as text.</summary>
internal static class SetText
{
    public static string Of(RecordingIndex index, ValueEdit edit) =>
        $"{index.Reference(edit.Tensor)}{Selection.Brackets(edit.Tensor.Shape, edit.Position)} = {NumberText.Short(edit.Value)}";
}

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Compare() : SessionCommand(
    "compare", "compare FILE [TOLERANCE]", "where another recording differs first, and by how much",
    "The tolerance is relative to the largest number of a tensor; without one, every bit counts. A file's name with blanks stands in quotes.")
{
    private const int Most = 10;

    public override string Run(SessionState session, Scanner arguments)
    {
        string path = FileArgument.Read(arguments);
        double tolerance = arguments.AtEnd ? 0 : arguments.Number();
        arguments.End();
        IReadOnlyList<RecordingDifference> differences = RecordingComparison.Compare(session.View.Recording, RecordingFile.Load(path), tolerance);
        if (differences.Count == 0)
            return session.Ink.Good(tolerance == 0 ? "the same, to the last bit" : "the same within the tolerance");
        IEnumerable<string> lines = differences.Take(Most).Select((difference, i) =>
            $"{(i == 0 ? session.Ink.Warning("first") : "then ")} event {difference.Event}  {difference.What}");
        return string.Join('\n', lines) + (differences.Count > Most ? $"\nand {differences.Count - Most} more" : string.Empty);
    }
}

internal sealed class Save() : SessionCommand("save", "save FILE", "the recording as a file that every safetensors reader opens")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        string path = FileArgument.Read(arguments);
        arguments.End();
        // Whoever replays the file begins at the leaves, and would get other numbers than those in it.
        if (session.View.Edits.FirstOrDefault(edit => edit.Tensor.Producer is not null) is { } edit)
            throw new CommandException($"a file cannot tell that {SetText.Of(session.View.Original!.Index, edit)} was set on a computed tensor: 'unset' first");
        RecordingFile.Save(session.View.Recording, path);
        return $"saved {path}";
    }
}

/// <summary>A file's name in a command.</summary>
internal static class FileArgument
{
    public static string Read(Scanner arguments)
    {
        int start = arguments.Position;
        string path = arguments.Line.AsSpan(start).StartsWith("\"", StringComparison.Ordinal) ? arguments.Name() : arguments.Word();
        return path.Length > 0 ? path : throw new CommandException("the name of a file is missing here", start);
    }
}

using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>One command of a hunt.</summary>
/// <param name="Command">What one types.</param>
/// <param name="Shows">What the answer says.</param>
internal sealed record Clue(string Command, string Shows);

/// <summary>A short program with a bug on one line, and the way to it.</summary>
/// <param name="Name">What <c>--case</c> calls it.</param>
/// <param name="Title">One line.</param>
/// <param name="Symptom">What one sees before one knows.</param>
/// <param name="Hunt">The commands that find the line, in order.</param>
/// <param name="Cause">What was wrong, and the right line.</param>
/// <param name="Record">Runs and records the program: the buggy one for false, for true its twin with the right line.</param>
internal sealed record PlantedBug(
    string Name, string Title, string Symptom, IReadOnlyList<Clue> Hunt, string Cause, Func<bool, Recording> Record)
{
    public Case ToCase() => new(Name, Title, Text, [.. Hunt.Select(clue => clue.Command)], () => Record(false));

    private string Text
    {
        get
        {
            int width = Hunt.Max(clue => clue.Command.Length);
            IEnumerable<string> clues = Hunt.Select(clue => $"  {clue.Command.PadRight(width)}  {clue.Shows}");
            return $"{Symptom}\n\nThe commands that find it:\n{string.Join('\n', clues)}\n\n{Cause}";
        }
    }
}

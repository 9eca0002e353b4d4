namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>Reads a line from a terminal, with editing, history (up, down) and completion (Tab).</summary>
/// <param name="readKey">The next key.</param>
/// <param name="write">Writes to the terminal.</param>
/// <param name="complete">What may stand at the end of a line.</param>
/// <param name="width">Columns of the terminal.</param>
internal sealed class LineEditor(
    Func<ConsoleKeyInfo> readKey, Action<string> write, Func<string, IReadOnlyList<string>> complete, Func<int> width)
{
    private const int MostCandidates = 60;

    private readonly List<string> history = [];

    /// <summary>Reads a line: empty after Ctrl-C, null after Ctrl-D on an empty line.</summary>
    public string? Read(string prompt)
    {
        LineBuffer buffer = new();
        int entry = history.Count;
        string typed = string.Empty;
        while (true)
        {
            Draw(prompt, buffer);
            ConsoleKeyInfo key = readKey();
            bool hasControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    write("\n");
                    if (buffer.Text.Length > 0 && history.LastOrDefault() != buffer.Text)
                        history.Add(buffer.Text);
                    return buffer.Text;
                case ConsoleKey.C when hasControl:
                    // Behind the text, wherever the cursor was.
                    buffer.Set(buffer.Text);
                    Draw(prompt, buffer);
                    write("^C\n");
                    return string.Empty;
                case ConsoleKey.D when hasControl && buffer.Text.Length == 0:
                    write("\n");
                    return null;
                case ConsoleKey.Tab:
                    Complete(buffer);
                    break;
                case ConsoleKey.UpArrow when entry > 0:
                    typed = entry == history.Count ? buffer.Text : typed;
                    buffer.Set(history[--entry]);
                    break;
                case ConsoleKey.DownArrow when entry < history.Count:
                    buffer.Set(++entry == history.Count ? typed : history[entry]);
                    break;
                default:
                    buffer.Apply(key);
                    break;
            }
        }
    }

    private void Complete(LineBuffer buffer)
    {
        IReadOnlyList<string> candidates = complete(buffer.BeforeCursor);
        if (candidates.Count == 0)
            return;
        int wordLength = buffer.Cursor - buffer.BeforeCursor.LastIndexOfAny([' ', '(']) - 1;
        string common = CommonBeginning(candidates);
        if (candidates.Count > 1 && common.Length == wordLength)
        {
            string more = candidates.Count > MostCandidates ? $"  … {candidates.Count} in all" : string.Empty;
            write($"\n{string.Join("  ", candidates.Take(MostCandidates))}{more}\n");
        }

        buffer.Replace(wordLength, candidates.Count == 1 ? common + " " : common);
    }

    private static string CommonBeginning(IReadOnlyList<string> words)
    {
        int length = words.Min(word => word.Length);
        for (int i = 0; i < length; i++)
        {
            if (words.Any(word => word[i] != words[0][i]))
                return words[0][..i];
        }

        return words[0][..length];
    }

    // A line that is wider than the terminal is shown around the cursor.
    private void Draw(string prompt, LineBuffer buffer)
    {
        int room = Math.Max(8, width() - prompt.Length - 1);
        int first = Math.Max(0, buffer.Cursor - room);
        string shown = buffer.Text.Substring(first, Math.Min(room, buffer.Text.Length - first));
        int column = prompt.Length + buffer.Cursor - first;
        write($"\r\u001b[K{prompt}{shown}\r\u001b[{column}C");
    }
}

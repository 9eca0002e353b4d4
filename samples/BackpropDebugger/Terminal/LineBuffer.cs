namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>A line that is being typed, and the cursor in it.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = string.Empty;

    /// <summary>Number of characters before the cursor.</summary>
    public int Cursor { get; private set; }

    public string BeforeCursor => Text[..Cursor];

    /// <summary>Another text, with the cursor at its end.</summary>
    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    /// <summary>Puts text where the cursor is.</summary>
    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Puts text in the place of the last characters before the cursor.</summary>
    public void Replace(int count, string text)
    {
        Erase(Cursor - count, Cursor);
        Insert(text);
    }

    /// <summary>Does what a key of an editor does.</summary>
    /// <returns>False for a key that edits nothing.</returns>
    public bool Apply(ConsoleKeyInfo key)
    {
        bool hasControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Backspace:
                Erase(Math.Max(0, Cursor - 1), Cursor);
                return true;
            case ConsoleKey.Delete:
            case ConsoleKey.D when hasControl:
                Erase(Cursor, Math.Min(Text.Length, Cursor + 1));
                return true;
            case ConsoleKey.LeftArrow:
                Cursor = hasControl ? WordStart() : Math.Max(0, Cursor - 1);
                return true;
            case ConsoleKey.RightArrow:
                Cursor = hasControl ? WordEnd() : Math.Min(Text.Length, Cursor + 1);
                return true;
            case ConsoleKey.Home:
            case ConsoleKey.A when hasControl:
                Cursor = 0;
                return true;
            case ConsoleKey.End:
            case ConsoleKey.E when hasControl:
                Cursor = Text.Length;
                return true;
            case ConsoleKey.K when hasControl:
                Erase(Cursor, Text.Length);
                return true;
            case ConsoleKey.U when hasControl:
                Erase(0, Cursor);
                return true;
            case ConsoleKey.W when hasControl:
                Erase(WordStart(), Cursor);
                return true;
            default:
                if (char.IsControl(key.KeyChar))
                    return false;
                Insert(key.KeyChar.ToString());
                return true;
        }
    }

    private void Erase(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }

    private int WordStart()
    {
        int start = Cursor;
        while (start > 0 && Text[start - 1] == ' ')
            start--;
        return start == 0 ? 0 : Text.LastIndexOf(' ', start - 1) + 1;
    }

    private int WordEnd()
    {
        int end = Cursor;
        while (end < Text.Length && Text[end] == ' ')
            end++;
        int blank = Text.IndexOf(' ', end);
        return blank < 0 ? Text.Length : blank;
    }
}

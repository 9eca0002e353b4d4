namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>A command was not understood or cannot be done; the message says why, the column where in the line.</summary>
internal sealed class CommandException(string message, int? column = null) : Exception(message)
{
    /// <summary>Position in the command line, from 0; null where no place is at fault.</summary>
    public int? Column { get; } = column;
}

/// <summary>Reads a command line from left to right.</summary>
internal sealed class Scanner(string line)
{
    // What ends a name that stands in no quotes.
    private const string Marks = "()<>=!~,[]\"";

    public string Line => line;

    /// <summary>Where the next thing begins, after blanks.</summary>
    public int Position
    {
        get
        {
            while (field < line.Length && char.IsWhiteSpace(line[field]))
                field++;
            return field;
        }

        set;
    }

    public bool AtEnd => Position == line.Length;

    /// <summary>Everything up to the next blank; empty at the end.</summary>
    public string Word()
    {
        int start = Position;
        int end = start;
        while (end < line.Length && !char.IsWhiteSpace(line[end]))
            end++;
        Position = end;
        return line[start..end];
    }

    /// <summary>Everything that is left.</summary>
    public string Rest()
    {
        string rest = line[Position..].TrimEnd();
        Position = line.Length;
        return rest;
    }

    /// <summary>Takes a sign or word if it stands here; a word only where it ends here, too.</summary>
    public bool Take(string text)
    {
        int start = Position;
        int end = start + text.Length;
        bool isHere = string.CompareOrdinal(line, start, text, 0, text.Length) == 0
            && (!char.IsLetter(text[^1]) || end == line.Length || char.IsWhiteSpace(line[end]) || Marks.Contains(line[end]));
        if (isHere)
            Position = end;
        return isHere;
    }

    /// <summary>A name: up to a blank or mark, parts of it perhaps in quotes; empty where none stands here.</summary>
    public string Name()
    {
        int end = Position;
        string name = string.Empty;
        while (end < line.Length && !char.IsWhiteSpace(line[end]))
        {
            if (line[end] == '"')
            {
                int close = line.IndexOf('"', end + 1);
                if (close < 0)
                    throw new CommandException("the quotation mark is not closed", end);
                name += line[(end + 1)..close];
                end = close + 1;
            }
            else if (Marks.Contains(line[end]))
            {
                break;
            }
            else
            {
                name += line[end++];
            }
        }

        Position = end;
        return name;
    }

    /// <summary>What stands in brackets here, without them; null where no bracket opens.</summary>
    public string? Brackets(out int start)
    {
        start = Position + 1;
        if (!Take("["))
            return null;
        int end = line.IndexOf(']', start);
        if (end < 0)
            throw new CommandException("the bracket [ is not closed", start - 1);
        Position = end + 1;
        return line[start..end];
    }

    /// <summary>A number.</summary>
    public double Number()
    {
        int start = Position;
        string text = Name();
        return Text.NumberText.TryParse(text, out double value)
            ? value
            : throw new CommandException(text.Length == 0 ? "a number is missing here" : $"'{text}' is not a number", start);
    }

    /// <summary>A whole number from 1; the default at the end of the line.</summary>
    public int Count(int byDefault)
    {
        if (AtEnd)
            return byDefault;
        int start = Position;
        string text = Word();
        return int.TryParse(text, out int count) && count >= 1
            ? count
            : throw new CommandException($"'{text}' is not a whole number from 1", start);
    }

    /// <summary>Refuses what a command does not know what to do with.</summary>
    public void End()
    {
        if (!AtEnd)
            throw new CommandException($"nothing more was expected here, but there is '{line[Position..].Trim()}'", Position);
    }
}

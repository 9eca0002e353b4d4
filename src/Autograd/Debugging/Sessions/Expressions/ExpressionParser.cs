namespace Transformer.Autograd.Debugging.Sessions.Expressions;

/// <summary>
/// Reads conditions:
/// <code>
/// expression  = conjunction { "or" conjunction }
/// conjunction = negation { "and" negation }
/// negation    = "not" negation | "(" expression ")" | "forward" | "backward" | comparison
/// comparison  = measure SIGN number | number SIGN measure | "kind" ("==" | "!=" | "~") GLOB | "module" ("==" | "!=" | "~") GLOB
/// measure     = FUNCTION [ "(" NAME [ SLICE ] ")" | NAME [ SLICE ] | "any" ] | ELEMENT | "event" | "operation" | "fd"
/// SIGN        = "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "==" | "!="
/// </code>
/// </summary>
internal sealed class ExpressionParser(Scanner scanner, RecordingIndex index)
{
    // Parentheses and nots within one another: a line from a stranger must not use up the stack.
    private const int MostLevels = 200;

    private int level;

    /// <summary>Reads a whole condition, as far as it goes.</summary>
    public Condition Expression()
    {
        Condition left = Conjunction();
        while (scanner.Take("or"))
            left = new Or(left, Conjunction());
        return left;
    }

    private Condition Conjunction()
    {
        Condition left = Negation();
        while (scanner.Take("and"))
            left = new And(left, Negation());
        return left;
    }

    private Condition Negation()
    {
        if (++level > MostLevels)
            throw new CommandException($"more than {MostLevels} parentheses and nots within one another", scanner.Position);
        Condition condition = Operand();
        level--;
        return condition;
    }

    private Condition Operand()
    {
        if (scanner.Take("not"))
            return new Not(Negation());
        if (scanner.Take("("))
        {
            Condition inner = Expression();
            Close();
            return inner;
        }

        if (scanner.Take("forward"))
            return new Direction(TimelineEventKind.Forward);
        if (scanner.Take("backward"))
            return new Direction(TimelineEventKind.Backward);
        if (scanner.Take("kind"))
            return Pattern(pattern => new KindIs(pattern));
        if (scanner.Take("module"))
            return Pattern(pattern => new ModuleIs(pattern));
        return Comparison();
    }

    private Condition Pattern(Func<string, Condition> make)
    {
        bool isNegated = scanner.Take("!=") || scanner.Take("!~");
        if (!isNegated && !scanner.Take("==") && !scanner.Take("~"))
            throw new CommandException("expected == or ~ or != here", scanner.Position);
        int start = scanner.Position;
        string pattern = scanner.Name();
        if (pattern.Length == 0)
            throw new CommandException("a name is missing here", start);
        return isNegated ? new Not(make(pattern)) : make(pattern);
    }

    private Comparison Comparison()
    {
        // "nan" is a function here, not a number.
        if (!scanner.AtEnd && (char.IsAsciiDigit(scanner.Line[scanner.Position]) || "+-.".Contains(scanner.Line[scanner.Position])))
        {
            double number = scanner.Number();
            string sign = Sign();
            return new Comparison(Measure(), Mirrored(sign), number);
        }

        Measure measure = Measure();
        return new Comparison(measure, Sign(), scanner.Number());
    }

    /// <summary>Reads one number that can be asked for.</summary>
    public Measure Measure()
    {
        if (scanner.Take("event"))
            return new EventNumber();
        if (scanner.Take("operation"))
            return new OperationNumber();
        if (scanner.Take("fd"))
            return new LocalError();
        foreach ((string name, Func<TensorStatistics, double> function) in Statistic.Functions)
        {
            if (scanner.Take(name))
                return StatisticOf(function);
        }

        int start = scanner.Position;
        Named named = Name();
        string? brackets = scanner.Brackets(out int column);
        ElementValue element = new(named, brackets, brackets is null ? start : column);
        foreach (Addresses.Address address in named.Require(index))
            element.PositionIn(address);
        return element;
    }

    // norm(x), norm x[0, :]; norm any or nothing: of whatever the event computed.
    private Statistic StatisticOf(Func<TensorStatistics, double> function)
    {
        bool hasParenthesis = scanner.Take("(");
        bool isAny = scanner.Take("any") || (!hasParenthesis && (scanner.AtEnd || Debugging.Sessions.Expressions.Comparison.Signs.Any(IsHere)));
        Named? named = isAny ? null : Name();
        int column = scanner.Position;
        string? brackets = isAny ? null : scanner.Brackets(out column);
        Statistic statistic = new(function, named, brackets, column);
        foreach (Addresses.Address address in named?.Require(index) ?? [])
            statistic.SliceOf(address);
        if (hasParenthesis)
            Close();
        return statistic;
    }

    private Named Name()
    {
        int start = scanner.Position;
        string name = scanner.Name();
        if (name.Length == 0)
            throw new CommandException("a comparison is missing here, such as norm(x.grad) > 10", start);
        Named named = new(name, start);
        named.Require(index);
        return named;
    }

    private string Sign() => Debugging.Sessions.Expressions.Comparison.Signs.FirstOrDefault(scanner.Take)
        ?? throw new CommandException("a comparison is missing here: <, <=, >, >=, == or !=", scanner.Position);

    private bool IsHere(string sign) => string.CompareOrdinal(scanner.Line, scanner.Position, sign, 0, sign.Length) == 0;

    private void Close()
    {
        if (!scanner.Take(")"))
            throw new CommandException("a closing parenthesis is missing here", scanner.Position);
    }

    private static string Mirrored(string sign) => sign switch
    {
        "<" => ">",
        ">" => "<",
        "<=" => ">=",
        ">=" => "<=",
        _ => sign,
    };
}

using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// A sum over running letters. Up to four terms are written out; of more, the largest three and how many there are.
/// </summary>
internal sealed class Sum : Expression
{
    private const int MostWrittenOut = 4;
    private const int Shown = 3;

    private readonly Func<Text> symbols;
    private readonly IReadOnlyList<Expression> terms;
    private readonly int count;

    private Sum(double total, double magnitude, Func<Text> symbols, IReadOnlyList<Expression> terms, int count)
        : base(total)
    {
        Magnitude = magnitude;
        this.symbols = symbols;
        this.terms = terms;
        this.count = count;
    }

    public override double Magnitude { get; }

    /// <summary>Σ over one letter, <paramref name="count"/> terms.</summary>
    public static Expression Over(string letter, int count, Func<Coordinate, Expression> term) =>
        Over([(letter, count)], at => term(at[0]));

    /// <summary>Σ over several letters; over none it is the one term by itself.</summary>
    public static Expression Over(IReadOnlyList<(string Letter, int Count)> letters, Func<Coordinate[], Expression> term)
    {
        if (letters.Count == 0)
            return term([]);
        int count = letters.Aggregate(1, (product, letter) => product * letter.Count);
        if (count == 0)
            return Named($"(Σ{Subscripts(letters)} of no terms)", 0);
        Coordinate[] running = [.. letters.Select(letter => new Coordinate(0, letter.Letter))];
        return Of(
            () => new($"Σ{Subscripts(letters)} {term(running).Write(Form.Symbols).AtLeast(Binding.Product, reaching: true)}", Binding.Reaching),
            Enumerable.Range(0, count).Select(number => term(Split(number, letters))));
    }

    /// <summary>Σ with a text of its own for the letters.</summary>
    public static Expression Of(string symbols, IEnumerable<Expression> terms) => Of(() => new(symbols, Binding.Loose), terms);

    private static Sum Of(Func<Text> symbols, IEnumerable<Expression> terms)
    {
        double total = 0;
        double magnitude = 0;
        int count = 0;
        List<Expression> kept = [];
        foreach (Expression term in terms)
        {
            total += term.Value;
            magnitude += term.Magnitude;
            count++;
            Keep(kept, term);
        }

        return new Sum(total, magnitude, symbols, count > MostWrittenOut ? [.. kept.OrderByDescending(Size).Take(Shown)] : kept, count);
    }

    public override Text Write(Form form)
    {
        if (form == Form.Symbols)
            return symbols();
        if (form == Form.Totals || count == 0)
            return Text.Of(Value);
        if (count == 1)
            return terms[0].Write(form);
        Text written = terms.Select(term => term.Write(form)).Aggregate((a, b) => a + b);
        return count <= MostWrittenOut
            ? written
            : new(string.Create(CultureInfo.InvariantCulture, $"Σ of {count} terms, largest first: {written.Content} + …"), Binding.Loose);
    }

    // The first four in their order, for a short sum; from the fifth on the smallest of those kept makes room.
    private static void Keep(List<Expression> kept, Expression term)
    {
        if (kept.Count < MostWrittenOut)
        {
            kept.Add(term);
            return;
        }

        int smallest = 0;
        for (int i = 1; i < kept.Count; i++)
            smallest = Size(kept[i]) < Size(kept[smallest]) ? i : smallest;
        if (Size(term) > Size(kept[smallest]))
            kept[smallest] = term;
    }

    // What is no number comes first: it is what one looks for.
    private static double Size(Expression term) => double.IsNaN(term.Value) ? double.PositiveInfinity : Math.Abs(term.Value);

    private static Coordinate[] Split(int number, IReadOnlyList<(string Letter, int Count)> letters)
    {
        Coordinate[] at = new Coordinate[letters.Count];
        for (int i = at.Length - 1; i >= 0; i--)
            (number, at[i]) = (number / letters[i].Count, number % letters[i].Count);
        return at;
    }

    internal static string Subscripts(IReadOnlyList<(string Letter, int Count)> letters) =>
        string.Concat(letters.Select(letter => letter.Letter switch
        {
            "i" => "ᵢ",
            "j" => "ⱼ",
            "k" => "ₖ",
            "l" => "ₗ",
            "m" => "ₘ",
            "n" => "ₙ",
            "o" => "ₒ",
            "p" => "ₚ",
            "r" => "ᵣ",
            "s" => "ₛ",
            "t" => "ₜ",
            "u" => "ᵤ",
            "v" => "ᵥ",
            _ => throw new ArgumentException($"Sum: {letter.Letter} has no subscript."),
        }));
}

using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>How a line writes an expression: letters first, then numbers, then numbers with sums and functions worked out.</summary>
internal enum Form
{
    Symbols,
    Numbers,
    Totals,
}

/// <summary>How tightly a text holds together: what is looser than its surroundings goes into parentheses.</summary>
internal enum Binding
{
    /// <summary>A remark-like text, such as a long sum's.</summary>
    Loose,

    /// <summary><c>Σⱼ …</c>, which reaches as far to the right as it can.</summary>
    Reaching,

    /// <summary>a + b.</summary>
    Sum,

    /// <summary>a·b, a/b, −a.</summary>
    Product,

    /// <summary>A number, a name, a function.</summary>
    Atom,
}

/// <summary>A piece of a formula.</summary>
internal readonly record struct Text(string Content, Binding Binding)
{
    private bool IsNegative => Content.StartsWith('−');

    /// <summary>A number with a true minus sign and six significant digits.</summary>
    public static Text Of(double number)
    {
        string content = number switch
        {
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "−∞",
            0 => "0",
            _ => number.ToString("G6", CultureInfo.InvariantCulture).Replace('-', '−').Replace("E+0", "e").Replace("E+", "e").Replace("E−0", "e−").Replace("E", "e"),
        };
        bool isPlain = content[0] != '−' && !content.Contains('e');
        return new(content, isPlain ? Binding.Atom : Binding.Product);
    }

    public static Text operator +(Text a, Text b)
    {
        string right = b.AtLeast(Binding.Sum, reaching: true);
        bool joins = right.StartsWith('−');
        return new($"{a.AtLeast(Binding.Sum)} {(joins ? "− " + right[1..] : "+ " + right)}", Binding.Sum);
    }

    public static Text operator -(Text a, Text b) =>
        new($"{a.AtLeast(Binding.Sum)} − {b.Unsigned(Binding.Product, reaching: true)}", Binding.Sum);

    public static Text operator *(Text a, Text b) =>
        new($"{a.AtLeast(Binding.Product)}·{b.Unsigned(Binding.Product, reaching: true)}", Rightmost(b));

    public static Text operator /(Text a, Text b)
    {
        (string left, string right) = (a.AtLeast(Binding.Product), b.Unsigned(Binding.Atom, reaching: true));
        bool isWide = left.Contains(' ') || right.Contains(' ');
        return new(isWide ? $"{left} / {right}" : $"{left}/{right}", Rightmost(b));
    }

    public static Text operator -(Text a) => new($"−{a.Unsigned(Binding.Product, reaching: true)}", Rightmost(a));

    public Text Call(string function) => function switch
    {
        "|" => new($"|{Content}|", Binding.Atom),
        "√" => new($"√{Unsigned(Binding.Atom)}", Binding.Atom),
        _ => new($"{function}({Content})", Binding.Atom),
    };

    public Text ToThe(string exponent) => new($"{Unsigned(Binding.Atom)}{exponent}", Binding.Atom);

    /// <summary>In parentheses where it begins with a minus sign or is looser.</summary>
    public string Unsigned(Binding binding, bool reaching = false) => IsNegative ? $"({Content})" : AtLeast(binding, reaching);

    /// <summary>In parentheses where it is looser; a <c>Σⱼ …</c> may stand at the right end without them.</summary>
    public string AtLeast(Binding binding, bool reaching = false) =>
        Binding >= binding || (reaching && Binding == Binding.Reaching) ? Content : $"({Content})";

    // What ends in an open Σ reaches to the right itself.
    private static Binding Rightmost(Text last) => last.Binding == Binding.Reaching && !last.IsNegative ? Binding.Reaching : Binding.Product;
}

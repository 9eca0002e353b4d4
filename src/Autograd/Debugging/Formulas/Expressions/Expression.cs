namespace Transformer.Autograd.Debugging;

/// <summary>
/// A formula with its numbers in it: it has a value in double precision, computed as it is built, and writes itself with
/// letters or with numbers. Built with C#'s operators, so that a formula in the source reads as on paper:
/// <c>y[at] * (dy[at] - sum)</c>.
/// </summary>
internal abstract class Expression(double value)
{
    /// <summary>The number that the whole expression comes to.</summary>
    public double Value { get; } = value;

    /// <summary>What the value would be had nothing cancelled: rounding errors are relative to this.</summary>
    public virtual double Magnitude => Math.Abs(Value);

    public static implicit operator Expression(double number) => new Symbol(Text.Of(number).Content, number);

    public static Expression operator +(Expression a, Expression b) => new Binary(a, b, a.Value + b.Value, a.Magnitude + b.Magnitude, (x, y) => x + y);

    public static Expression operator -(Expression a, Expression b) => new Binary(a, b, a.Value - b.Value, a.Magnitude + b.Magnitude, (x, y) => x - y);

    public static Expression operator *(Expression a, Expression b) => new Binary(a, b, a.Value * b.Value, a.Magnitude * b.Magnitude, (x, y) => x * y);

    public static Expression operator /(Expression a, Expression b) => new Binary(a, b, a.Value / b.Value, a.Magnitude / Math.Abs(b.Value), (x, y) => x / y);

    public static Expression operator -(Expression a) => new Negated(a);

    /// <summary>A function by its name: <c>exp(x)</c>, <c>√x</c>, <c>|x|</c>.</summary>
    public static Expression Call(string name, Expression argument, Func<double, double> function) =>
        new Function(name, argument, function(argument.Value));

    public static Expression Exp(Expression x) => Call("exp", x, Math.Exp);

    public static Expression Log(Expression x) => Call("ln", x, Math.Log);

    public static Expression Sqrt(Expression x) => Call("√", x, Math.Sqrt);

    /// <summary>½, written as a fraction among letters.</summary>
    public static Expression Half => Named("½", 0.5);

    /// <summary>A power with a fixed exponent.</summary>
    public static Expression Power(Expression x, double exponent) => new Raised(x, exponent);

    /// <summary>A quantity that is written as a letter, and as its value where numbers stand.</summary>
    public static Expression Named(string name, double value) => new Symbol(name, value);

    /// <summary>Words for the letters; the numbers are those of what the words chose.</summary>
    public static Expression Chosen(string symbols, Expression chosen) => new Choice(symbols, chosen);

    public abstract Text Write(Form form);

    private sealed class Symbol(string name, double value) : Expression(value)
    {
        public override Text Write(Form form) =>
            form == Form.Symbols ? new(name, name.StartsWith('−') ? Binding.Product : Binding.Atom) : Text.Of(Value);
    }

    private sealed class Binary(Expression a, Expression b, double value, double magnitude, Func<Text, Text, Text> join) : Expression(value)
    {
        public override double Magnitude => magnitude;

        public override Text Write(Form form) => join(a.Write(form), b.Write(form));
    }

    private sealed class Negated(Expression a) : Expression(-a.Value)
    {
        public override double Magnitude => a.Magnitude;

        public override Text Write(Form form) => -a.Write(form);
    }

    private sealed class Function(string name, Expression argument, double value) : Expression(value)
    {
        public override Text Write(Form form) => form == Form.Totals ? Text.Of(Value) : argument.Write(form).Call(name);
    }

    private sealed class Raised(Expression x, double exponent) : Expression(Math.Pow(x.Value, exponent))
    {
        private const string Digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

        public override Text Write(Form form) => exponent == 1 ? x.Write(form) : x.Write(form).ToThe(Exponent);

        private string Exponent => exponent == Math.Floor(exponent) && Math.Abs(exponent) < 100
            ? string.Concat(Text.Of(exponent).Content.Select(digit => digit == '−' ? '⁻' : Digits[digit - '0']))
            : $"^{Text.Of(exponent).Unsigned(Binding.Atom)}";
    }

    private sealed class Choice(string symbols, Expression chosen) : Expression(chosen.Value)
    {
        public override double Magnitude => chosen.Magnitude;

        public override Text Write(Form form) => form == Form.Symbols ? new(symbols, Binding.Loose) : chosen.Write(form);
    }
}

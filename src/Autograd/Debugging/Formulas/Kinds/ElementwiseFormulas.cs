namespace Transformer.Autograd.Debugging;

/// <summary>Functions of one number.</summary>
internal static class ElementwiseFormulas
{
    public static ElementwiseFormula Negate { get; } = new(
        "yᵢ = −xᵢ", "∂L/∂xᵢ += −∂L/∂yᵢ",
        p => -p.X, p => -p.Dy);

    public static ElementwiseFormula Scale { get; } = new(
        "yᵢ = s xᵢ", "∂L/∂xᵢ += s ∂L/∂yᵢ",
        p => Factor(p) * p.X, p => Factor(p) * p.Dy, typeof(ScaleAttributes));

    public static ElementwiseFormula Power { get; } = new(
        "yᵢ = xᵢᵖ", "∂L/∂xᵢ += ∂L/∂yᵢ p xᵢᵖ⁻¹",
        p => Expression.Power(p.X, Exponent(p)), PowerSlope, typeof(PowerAttributes));

    public static ElementwiseFormula Erf { get; } = new(
        "yᵢ = erf(xᵢ)", "∂L/∂xᵢ += ∂L/∂yᵢ 2/√π exp(−xᵢ²)",
        p => Expression.Call("erf", p.X, Normal.Erf),
        p => p.Dy * Expression.Named("2/√π", 2 / Math.Sqrt(Math.PI)) * Expression.Exp(-Expression.Power(p.X, 2)));

    public static ElementwiseFormula Exp { get; } = new(
        "yᵢ = exp(xᵢ)", "∂L/∂xᵢ += ∂L/∂yᵢ yᵢ",
        p => Expression.Exp(p.X), p => p.Dy * p.Y);

    public static ElementwiseFormula Log { get; } = new(
        "yᵢ = ln xᵢ", "∂L/∂xᵢ += ∂L/∂yᵢ / xᵢ",
        p => Expression.Log(p.X), p => p.Dy / p.X);

    public static ElementwiseFormula Sqrt { get; } = new(
        "yᵢ = √xᵢ", "∂L/∂xᵢ += ½ ∂L/∂yᵢ / yᵢ",
        p => Expression.Sqrt(p.X), p => Expression.Half * p.Dy / p.Y);

    public static ElementwiseFormula Dropout { get; } = new(
        "yᵢ = xᵢ mᵢ / (1 − p)", "∂L/∂xᵢ += ∂L/∂yᵢ mᵢ / (1 − p)",
        p => Dropped(p, p.X), p => Dropped(p, p.Dy), typeof(DropoutAttributes));

    private static Expression Factor(ElementwisePoint p) => Expression.Named("s", p.Numbers.Attributes<ScaleAttributes>().Factor);

    private static double Exponent(ElementwisePoint p) => p.Numbers.Attributes<PowerAttributes>().Exponent;

    // A constant's slope is 0 even where 0 · x⁻¹ would be none.
    private static Derivation PowerSlope(ElementwisePoint p) =>
        Exponent(p) == 0
            ? new Derivation(p.Dy * 0, "x⁰ is 1 everywhere")
            : p.Dy * Exponent(p) * Expression.Power(p.X, Exponent(p) - 1);

    private static Derivation Dropped(ElementwisePoint p, Expression number)
    {
        bool isKept = p.Numbers.Saved("mask", "m")![p.At].Value != 0;
        string symbols = $"{number.Write(Form.Symbols).Content}·m{p.At}/(1 − p)";
        double rate = p.Numbers.Attributes<DropoutAttributes>().Rate;
        return isKept
            ? new(Expression.Chosen(symbols, number * 1 / (1 - (Expression)rate)), $"kept: m{p.At} = 1")
            : new(Expression.Chosen(symbols, 0), $"dropped: m{p.At} = 0");
    }
}

namespace Transformer.Autograd.Debugging;

/// <summary>Activations: functions of one number that bend or break a line.</summary>
internal static class ActivationFormulas
{
    public static ElementwiseFormula Relu { get; } = new(
        "yᵢ = max(0, xᵢ)", "∂L/∂xᵢ += ∂L/∂yᵢ where xᵢ > 0, else 0",
        p => new(Expression.Chosen($"max(0, x{p.At})", p.X.Value > 0 || double.IsNaN(p.X.Value) ? p.X : 0), ReluSide(p)),
        p => new(Expression.Chosen($"dy{p.At} where x{p.At} > 0, else 0", p.X.Value > 0 ? p.Dy : 0), ReluSide(p)));

    public static ElementwiseFormula Abs { get; } = new(
        "yᵢ = |xᵢ|", "∂L/∂xᵢ += ∂L/∂yᵢ sign(xᵢ)",
        p => Expression.Call("|", p.X, Math.Abs), AbsSlope);

    public static ElementwiseFormula Tanh { get; } = new(
        "yᵢ = tanh xᵢ", "∂L/∂xᵢ += ∂L/∂yᵢ (1 − yᵢ²)",
        p => Expression.Call("tanh", p.X, Math.Tanh), p => p.Dy * (1 - Expression.Power(p.Y, 2)));

    public static ElementwiseFormula Sigmoid { get; } = new(
        "yᵢ = 1 / (1 + exp(−xᵢ))", "∂L/∂xᵢ += ∂L/∂yᵢ yᵢ (1 − yᵢ)",
        p => 1 / (1 + Expression.Exp(-p.X)), p => p.Dy * p.Y * (1 - p.Y));

    public static ElementwiseFormula Gelu { get; } = new(
        "yᵢ = xᵢ Φ(xᵢ)", "∂L/∂xᵢ += ∂L/∂yᵢ (Φ(xᵢ) + xᵢ φ(xᵢ))",
        p => p.X * Expression.Call("Φ", p.X, Normal.Distribution),
        p => p.Dy * (Expression.Call("Φ", p.X, Normal.Distribution) + (p.X * Expression.Call("φ", p.X, Normal.Density))));

    public static ElementwiseFormula GeluTanh { get; } = new(
        "yᵢ = ½ xᵢ (1 + tanh uᵢ)", "∂L/∂xᵢ += ∂L/∂yᵢ (½ (1 + tanh uᵢ) + ½ xᵢ (1 − tanh² uᵢ) uᵢ′)",
        p => new(Expression.Half * p.X * (1 + TanhOf(U(p)))) { Where = [($"u{p.At}", Inner(p))] },
        p => new(p.Dy * ((Expression.Half * (1 + TanhOf(U(p)))) + (Expression.Half * p.X * (1 - Expression.Power(TanhOf(U(p)), 2)) * Slope(p))))
        {
            Where = [($"u{p.At}", Inner(p)), ($"u′{p.At}", InnerSlope(p))],
        });

    private static string ReluSide(ElementwisePoint p)
    {
        string number = $"x{p.At} = {Text.Of(p.X.Value).Content}";
        return p.X.Value > 0 ? $"{number} > 0" : p.X.Value <= 0 ? $"{number} ≤ 0: the flat side" : number;
    }

    private static Derivation AbsSlope(ElementwisePoint p)
    {
        Expression sign = Expression.Named($"sign(x{p.At})", p.X.Value > 0 ? 1 : p.X.Value < 0 ? -1 : 0);
        return new(p.Dy * sign, $"x{p.At} = {Text.Of(p.X.Value).Content}");
    }

    private static Expression TanhOf(Expression x) => Expression.Call("tanh", x, Math.Tanh);

    private static Expression Root => Expression.Named("√(2/π)", Math.Sqrt(2 / Math.PI));

    // u = √(2/π) (x + 0.044715 x³)
    private static Expression Inner(ElementwisePoint p) => Root * (p.X + (0.044715 * Expression.Power(p.X, 3)));

    private static Expression InnerSlope(ElementwisePoint p) => Root * (1 + ((Expression)3 * 0.044715 * Expression.Power(p.X, 2)));

    private static Expression U(ElementwisePoint p) => Expression.Named($"u{p.At}", Inner(p).Value);

    private static Expression Slope(ElementwisePoint p) => Expression.Named($"u′{p.At}", InnerSlope(p).Value);
}

namespace Transformer.Autograd.Debugging;

/// <summary>Softmax over the last axis.</summary>
internal sealed class SoftmaxFormula : OperationFormula
{
    public override string Forward => "yᵢ = exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x)";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xᵢ += yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ)";

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Symbol x = numbers.Input(0, "x");
        double max = Rows.Max(x, at);
        if (double.IsNegativeInfinity(max))
            return new(0, $"x{at.Row} is nothing but −∞: all weights are 0");
        Expression sum = Sum.Over("j", x.Shape[-1], j => Expression.Exp(x[at.WithLast(j)] - Expression.Named("max", max)));
        return Expression.Exp(x[at] - Expression.Named($"max x{at.Row}", max)) / sum;
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        (Symbol y, Symbol dy) = (numbers.Y, numbers.Dy);
        Expression mean = Sum.Over("j", y.Shape[-1], j => dy[at.WithLast(j)] * y[at.WithLast(j)]);
        return y[at] * (dy[at] - mean);
    }
}

/// <summary>Logarithm of the softmax over the last axis.</summary>
internal sealed class LogSoftmaxFormula : OperationFormula
{
    public override string Forward => "yᵢ = xᵢ − max x − ln Σⱼ exp(xⱼ − max x)";

    public override string Backward(RecordedOperation operation, int input, Place at) => "∂L/∂xᵢ += ∂L/∂yᵢ − exp(yᵢ) Σⱼ ∂L/∂yⱼ";

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Symbol x = numbers.Input(0, "x");
        double max = Rows.Max(x, at);
        if (double.IsNegativeInfinity(max))
            return new(double.NegativeInfinity, $"x{at.Row} is nothing but −∞");
        Expression sum = Sum.Over("j", x.Shape[-1], j => Expression.Exp(x[at.WithLast(j)] - Expression.Named("max", max)));
        return x[at] - Expression.Named($"max x{at.Row}", max) - Expression.Log(sum);
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        (Symbol y, Symbol dy) = (numbers.Y, numbers.Dy);
        if (double.IsNegativeInfinity(y[at].Value))
            return new(0, $"y{at} = −∞: masked, and no gradient flows");
        Expression sum = Sum.Over("j", y.Shape[-1], j =>
        {
            Place other = at.WithLast(j);
            Expression element = dy[other];
            return double.IsNegativeInfinity(y[other].Value) ? Expression.Chosen(element.Write(Form.Symbols).Content, 0) : element;
        });
        return dy[at] - (Expression.Exp(y[at]) * sum);
    }
}

/// <summary>What several formulas ask of a row, the last axis.</summary>
internal static class Rows
{
    public static double Max(Symbol x, Place at) => Max(Of(x, at));

    /// <summary>ln Σⱼ exp xⱼ.</summary>
    public static double LogSumExp(double[] row)
    {
        double max = Max(row);
        double sum = 0;
        foreach (double element in row)
            sum += Math.Exp(element - max);
        return max + Math.Log(sum);
    }

    /// <summary>The row that a place is in.</summary>
    public static double[] Of(Symbol x, Place at)
    {
        int columns = x.Shape[-1];
        return x.Run(at.Offset(x.Shape) / columns * columns, columns);
    }

    private static double Max(double[] row)
    {
        double max = double.NegativeInfinity;
        foreach (double element in row)
            max = Math.Max(max, element);
        return max;
    }
}

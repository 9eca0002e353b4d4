namespace Transformer.Autograd.Debugging;

/// <summary>The dropout inside another operation: a number times m / (1 − p), where m is 0 or 1.</summary>
internal static class Masking
{
    /// <summary>The number after dropout at a place of the output; the number itself where nothing is dropped.</summary>
    public static Derivation Of(OperationNumbers numbers, Place at, Expression number)
    {
        if (numbers.Saved("mask", "m") is not { } mask)
            return number;
        bool isKept = mask[at].Value != 0;
        double rate = DropoutAttributes.In(numbers.Operation.Attributes)!.Rate;
        string symbols = $"{number.Write(Form.Symbols).AtLeast(Binding.Product)}·m{at}/(1 − p)";
        return isKept
            ? new(Expression.Chosen(symbols, number * 1 / (1 - (Expression)rate)), $"kept: m{at} = 1")
            : new(Expression.Chosen(symbols, 0), $"dropped: m{at} = 0");
    }

    /// <summary>What a number is multiplied by.</summary>
    public static double Factor(OperationNumbers numbers, int position) => numbers.Saved("mask", "m")?.ValueAt(position) ?? 1;
}

namespace Transformer.Autograd.Debugging;

/// <summary>How an operation makes a NaN or an infinity from finite numbers, by name.</summary>
internal static class ForwardFaults
{
    /// <summary>Name and sentence for an output element that is not finite.</summary>
    public static (string Name, string Text) Explain(RecordedOperation operation, int position, IReadOnlyList<Source> sources)
    {
        double y = operation.Output.Values.ValueAt(position);
        double x = sources.Count > 0 ? operation.Inputs[sources[0].Input].Values.ValueAt(sources[0].Position) : double.NaN;
        string at = WhyText.Element(operation.Output, position);
        string result = $"{WhyText.Number(y)} at {at}";
        switch (OperationTerms.KindOf(operation))
        {
            case "Exp" when x > 0 && double.IsFinite(x):
                return ("overflow in exp", $"exp({WhyText.Number(x)}) is {result}: {operation.Output.DType} holds exp of {Limit(operation)} at most");
            case "Log" when x == 0:
                return ("log of zero", $"log(0) is {result}");
            case "Log" when x < 0:
                return ("log of a negative number", $"log({WhyText.Number(x)}) is {result}");
            case "Sqrt" when x < 0:
                return ("sqrt of a negative number", $"sqrt({WhyText.Number(x)}) is {result}");
            case "Power":
                double exponent = ((PowerAttributes)operation.Attributes!).Exponent;
                string power = $"{WhyText.Number(x)} to the power {WhyText.Number(exponent)} is {result}";
                return (x == 0 ? "division by zero" : x < 0 && double.IsNaN(y) ? "power of a negative number" : "overflow", power);
            case "Divide":
                (double a, double b) = (PairTerms.Value(operation, 0, position), PairTerms.Value(operation, 1, position));
                return (b == 0 ? "division by zero" : "overflow", $"{WhyText.Number(a)} / {WhyText.Number(b)} is {result}");
            case "Multiply":
                return Product(PairTerms.Value(operation, 0, position), PairTerms.Value(operation, 1, position), result);
            case "Scale":
                return Product(x, ((ScaleAttributes)operation.Attributes!).Factor, result);
            case "Variance" or "Mean" when Divisor(operation) <= 0:
                string mean = operation.Kind.ToLowerInvariant();
                return ("division by zero", $"{mean} of {ReductionTerms.Sizes(operation).Reduced} numbers divides by {Divisor(operation)}, which is {result}");
            case "Softmax" when sources.Select(source => Input(operation, source)).Any(double.IsPositiveInfinity):
                return ("∞ - ∞", $"the row of {at} holds a score of ∞, from which its largest, ∞, is subtracted: {result}");
            case "CrossEntropy" when FirstInfinite(operation, sources) is { } source:
                string logit = WhyText.Valued(operation.Inputs[0], source.Position);
                return ("log of zero", $"the target's logit {logit} has probability 0, whose log makes the loss {WhyText.Number(y)}");
            default:
                return Sum(operation, sources, at, result);
        }
    }

    /// <summary>The largest number whose exp is finite.</summary>
    public static string Limit(RecordedOperation operation) => operation.Output.DType == DType.Float32 ? "88.7228" : "709.783";

    private static double Input(RecordedOperation operation, Source source) => operation.Inputs[source.Input].Values.ValueAt(source.Position);

    private static (string Name, string Text) Product(double a, double b, string result)
    {
        bool isZeroTimesInfinity = (a == 0 && double.IsInfinity(b)) || (b == 0 && double.IsInfinity(a));
        return (
            isZeroTimesInfinity ? "0 · ∞" : double.IsFinite(a) && double.IsFinite(b) ? "overflow" : "non-finite input",
            $"{WhyText.Number(a)} · {WhyText.Number(b)} is {result}");
    }

    // What adds up many numbers: parts that are not finite, or too large together.
    private static (string Name, string Text) Sum(RecordedOperation operation, IReadOnlyList<Source> sources, string at, string result)
    {
        int positive = sources.Count(source => double.IsPositiveInfinity(source.Amount));
        int negative = sources.Count(source => double.IsNegativeInfinity(source.Amount));
        bool hasInfiniteInput = sources.Any(source => !double.IsFinite(Input(operation, source)));
        if (positive > 0 && negative > 0 && hasInfiniteInput)
            return ("∞ - ∞", $"{positive} parts of {at} are ∞ and {negative} are -∞, which makes {result}");
        if (hasInfiniteInput)
        {
            Source source = sources.First(one => !double.IsFinite(Input(operation, one)));
            return ("non-finite input", $"{WhyText.Valued(operation.Inputs[source.Input], source.Position)} makes {result}");
        }

        double largest = sources.Count == 0 ? 0 : sources.Max(source => Elements.Magnitude(Input(operation, source)));
        return ("overflow", $"finite inputs up to {WhyText.Number(largest)} made {result}: {operation.Output.DType} holds {Largest(operation)} at most");
    }

    private static string Largest(RecordedOperation operation) => WhyText.Number(operation.Output.DType == DType.Float32 ? float.MaxValue : double.MaxValue);

    private static int Divisor(RecordedOperation operation)
    {
        int reduced = ReductionTerms.Sizes(operation).Reduced;
        return operation.Attributes is VarianceAttributes variance ? variance.Divisor(reduced) : reduced;
    }

    private static Source? FirstInfinite(RecordedOperation operation, IReadOnlyList<Source> sources)
    {
        foreach (Source source in sources)
        {
            if (double.IsNegativeInfinity(Input(operation, source)))
                return source;
        }

        return null;
    }
}

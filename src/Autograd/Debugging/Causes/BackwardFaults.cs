namespace Transformer.Autograd.Debugging;

/// <summary>How a backward pass makes a NaN or an infinity from finite numbers, by name.</summary>
internal static class BackwardFaults
{
    /// <summary>Name and sentence for an element of a contribution that is not finite.</summary>
    public static (string Name, string Text) Explain(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedOperation operation = entry.Operation!;
        string result = $"{WhyText.Number(contribution.Values.ValueAt(position))} for {WhyText.Gradient(contribution.Input, position)}";
        double x = contribution.Input.Values.ValueAt(position);
        IReadOnlyList<Term> terms = OperationTerms.Backward(entry, contribution, position);
        double dy = terms.Count > 0 ? entry.Gradient!.ValueAt(terms[0].Position) : double.NaN;
        switch (OperationTerms.KindOf(operation))
        {
            case "Sqrt" when x == 0:
                return Derivative("derivative of sqrt at 0", "½ / sqrt(0) = ∞", dy, result);
            case "Log" when x == 0:
                return Derivative("division by zero", "1 / 0 = ∞", dy, result);
            case "Power" when x == 0:
                double exponent = ((PowerAttributes)operation.Attributes!).Exponent;
                return Derivative("division by zero", $"{WhyText.Number(exponent)} · 0 to the power {WhyText.Number(exponent - 1)} = ∞", dy, result);
        }

        foreach (Term term in terms.Where(term => !double.IsFinite(term.Factor)))
        {
            string name = operation.Kind == "Divide" ? "division by zero" : "non-finite derivative";
            return Derivative(name, WhyText.Number(term.Factor), entry.Gradient!.ValueAt(term.Position), result);
        }

        double largest = terms.Count == 0 ? 0 : terms.Max(term => Math.Abs(entry.Gradient!.ValueAt(term.Position)));
        double factor = terms.Count < 2 ? double.NaN : terms.Max(term => Math.Abs(term.Factor));
        return (
            "overflow in the gradient",
            $"∂L/∂y up to {WhyText.Number(largest)}{(double.IsNaN(factor) ? string.Empty : $" times ∂y/∂x up to {WhyText.Number(factor)}")} made {result}");
    }

    // Also where nothing was to flow: 0 · ∞ is NaN, as behind a choice that did not take this element.
    private static (string Name, string Text) Derivative(string name, string derivative, double dy, string result) => (
        name,
        $"the derivative is {derivative}; times the incoming gradient {WhyText.Number(dy)}{(dy == 0 ? " (0 · ∞)" : string.Empty)} it makes {result}");
}

namespace Transformer.Autograd.Debugging;

/// <summary>Parts of opposite sign of which next to nothing is left.</summary>
internal static class Cancellation
{
    // Sums of n parts with random signs are about 1/√n of the sum of magnitudes; this is a thousandth of that.
    private const double Remainder = 1e-3;

    /// <summary>The cause where the parts cancel; null where they do not.</summary>
    public static Cause? Find(string what, IReadOnlyList<double> parts, RecordedOperation? operation)
    {
        double positive = parts.Where(part => part > 0).Sum();
        double negative = parts.Where(part => part < 0).Sum();
        double sum = positive + negative;
        int count = parts.Count(part => part != 0);
        if (!double.IsFinite(sum) || positive == 0 || negative == 0
            || Math.Abs(sum) > Remainder * (positive - negative) / Math.Sqrt(count))
        {
            return null;
        }

        return new Cause(
            "cancellation",
            $"{count} parts of {what} cancel: {WhyText.Number(positive)} and {WhyText.Number(negative)} leave {WhyText.Number(sum)}",
            operation);
    }
}

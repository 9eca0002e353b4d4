using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>Compares two arrays of recorded numbers.</summary>
internal static class ValueComparison
{
    /// <summary>|a − b|; 0 for equal infinities and for two NaNs, ∞ where only one is NaN.</summary>
    public static double Distance(double a, double b) =>
        a.Equals(b) ? 0 : double.IsNaN(a) || double.IsNaN(b) ? double.PositiveInfinity : Math.Abs(a - b);

    /// <summary>
    /// What differs, as a line to follow <c>output</c>, and the largest difference; null where the numbers are equal: to the bit
    /// with tolerance 0, else within the tolerance times the largest number. Of values that were left out, the statistics are
    /// compared.
    /// </summary>
    public static (string Text, double Largest)? Of(RecordedValues? a, RecordedValues? b, double tolerance)
    {
        if (a is null || b is null)
            return a is null && b is null ? null : (a is null ? "is there in the second only" : "is there in the first only", double.NaN);
        if (!a.Shape.Equals(b.Shape))
            return ($"has shapes {a.Shape} and {b.Shape}", double.NaN);
        if (!a.IsComplete || !b.IsComplete)
            return OfStatistics(a.Statistics, b.Statistics, tolerance);
        double allowed = tolerance == 0 ? 0 : tolerance * Math.Max(LargestOf(a), LargestOf(b));
        int first = -1;
        int count = 0;
        double largest = 0;
        for (int i = 0; i < a.Count; i++)
        {
            (double x, double y) = (a.ValueAt(i), b.ValueAt(i));
            double distance = Distance(x, y);
            largest = Math.Max(largest, distance);
            bool differs = tolerance == 0 ? !SameBits(x, y) : distance > allowed;
            count += differs ? 1 : 0;
            if (differs && first < 0)
                first = i;
        }

        if (first < 0)
            return null;
        return (string.Create(
            CultureInfo.InvariantCulture,
            $"differs at {ElementText.Index(a.Shape, first)}: {Number(a, first)} and {Number(b, first)} "
            + $"({count} of {a.Count} elements, by up to {largest:G3})"), largest);
    }

    private static (string Text, double Largest)? OfStatistics(TensorStatistics a, TensorStatistics b, double tolerance)
    {
        double distance = new[] { Distance(a.Min, b.Min), Distance(a.Max, b.Max), Distance(a.Mean, b.Mean), Distance(a.Norm, b.Norm) }.Max();
        bool equal = tolerance == 0 ? a.Equals(b) : a.NaNs == b.NaNs && a.Infinities == b.Infinities && distance <= tolerance * Math.Max(a.Norm, b.Norm);
        return equal ? null : (string.Create(
            CultureInfo.InvariantCulture,
            $"has other statistics (values were left out): norm {a.Norm:G9} and {b.Norm:G9}, mean {a.Mean:G9} and {b.Mean:G9}"), distance);
    }

    private static bool SameBits(double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y);

    private static double LargestOf(RecordedValues values) =>
        values.Count == 0 || double.IsNaN(values.Statistics.Max) ? 0 : Math.Max(Math.Abs(values.Statistics.Min), Math.Abs(values.Statistics.Max));

    private static string Number(RecordedValues values, int position) =>
        values.ValueAt(position).ToString(values.DType == DType.Float32 ? "G9" : "G17", CultureInfo.InvariantCulture);
}

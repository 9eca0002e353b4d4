using System.Numerics;

namespace Transformer.Kernels;

public static partial class Reduction
{
    /// <summary>Σ xᵢ, added in double in a fixed order, rounded once at the end.</summary>
    public static T Sum<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (T value in input)
            sum += double.CreateTruncating(value);
        return T.CreateTruncating(sum);
    }

    /// <summary>Σ xᵢ², added in double in a fixed order.</summary>
    public static double SumOfSquares<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (T value in input)
            sum += double.CreateTruncating(value) * double.CreateTruncating(value);
        return sum;
    }

    /// <summary>True when no element is NaN or infinite.</summary>
    public static bool AllFinite<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        FirstNonFinite(input) < 0;

    /// <summary>Index of the first NaN or infinite element, −1 when there is none.</summary>
    public static int FirstNonFinite<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < input.Length; i++)
        {
            if (!T.IsFinite(input[i]))
                return i;
        }
        return -1;
    }
}

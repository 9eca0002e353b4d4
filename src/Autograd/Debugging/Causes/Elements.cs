namespace Transformer.Autograd.Debugging;

/// <summary>Which element stands where.</summary>
internal static class Elements
{
    /// <summary>The element of a broadcast input that stands at a place of the output.</summary>
    public static int Broadcast(Shape input, Shape output, int position)
    {
        int[] strides = Broadcasting.Strides(input, output);
        int found = 0;
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            found += position % output[axis] * strides[axis];
            position /= output[axis];
        }

        return found;
    }

    /// <summary>The places of the output at which an element of a broadcast input stands, in order.</summary>
    public static IReadOnlyList<int> Repeats(Shape input, Shape output, int position)
    {
        int[] index = input.IndexOf(position);
        int missing = output.Rank - input.Rank;
        List<int> places = [0];
        for (int axis = 0; axis < output.Rank; axis++)
        {
            int size = output[axis];
            bool repeats = axis < missing || input[axis - missing] != size;
            places = repeats
                ? [.. places.SelectMany(place => Enumerable.Range(place * size, size))]
                : [.. places.Select(place => (place * size) + index[axis - missing])];
        }

        return places;
    }

    /// <summary>|value|, where what is not a number ranks before every number.</summary>
    public static double Magnitude(double value) => double.IsNaN(value) ? double.PositiveInfinity : Math.Abs(value);

    /// <summary>Position of the largest magnitude; −1 for none.</summary>
    public static int Largest(IReadOnlyList<double> values)
    {
        int best = -1;
        for (int i = 0; i < values.Count; i++)
        {
            if (best < 0 || Magnitude(values[i]) > Magnitude(values[best]))
                best = i;
        }

        return best;
    }

    /// <summary>|amount| over the sum of all; 0 where all are 0, 1 where this one is not finite.</summary>
    public static double Share(double amount, double sum) =>
        amount == 0 ? 0 : double.IsFinite(amount) ? (double.IsFinite(sum) ? Math.Abs(amount) / sum : 0) : 1;
}

namespace Transformer.Autograd.Debugging;

/// <summary>
/// The limit of a difference quotient as its step goes to 0: Neville's scheme over all runs of neighbouring steps, of which the
/// one is taken that agrees best with its predecessors (Ridders 1982, section 2).
/// </summary>
internal static class Extrapolation
{
    // More steps than this in one extrapolation amplify rounding and bring nothing.
    private const int MostColumns = 6;

    /// <summary>The limit, and how far it may be off.</summary>
    /// <param name="steps">Step sizes, largest first.</param>
    /// <param name="quotients">The quotient of each.</param>
    /// <param name="rounding">What rounding does to each.</param>
    /// <param name="power">The error is a series in step^power: 2 for central differences, 1 for one-sided ones.</param>
    public static (double Limit, double Error) ToZero(double[] steps, double[] quotients, double[] rounding, int power)
    {
        (double Limit, double Error) best = (quotients[0], double.PositiveInfinity);
        double[] before = [];
        for (int i = 0; i < steps.Length; i++)
        {
            double[] row = new double[Math.Min(i, MostColumns) + 1];
            row[0] = quotients[i];
            for (int j = 1; j < row.Length; j++)
            {
                // Removes the error's next term: T[i, j] = T[i, j−1] + (T[i, j−1] − T[i−1, j−1]) / ((h[i−j] / h[i])^power − 1)
                double ratio = Math.Pow(steps[i - j] / steps[i], power);
                row[j] = row[j - 1] + ((row[j - 1] - before[j - 1]) / (ratio - 1));
                double error = Math.Max(Math.Abs(row[j] - row[j - 1]), Math.Abs(row[j] - before[j - 1])) + rounding[i];
                if (error < best.Error)
                    best = (row[j], error);
            }

            before = row;
        }

        return best;
    }
}

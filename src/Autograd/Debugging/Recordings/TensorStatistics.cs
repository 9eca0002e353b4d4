using System.Numerics;

namespace Transformer.Autograd.Debugging;

/// <summary>What can be said of many numbers in a line. Minimum, maximum, mean and norm are those of the finite elements.</summary>
/// <param name="Count">Number of elements.</param>
/// <param name="Min">Smallest finite element; NaN where there is none.</param>
/// <param name="Max">Largest finite element; NaN where there is none.</param>
/// <param name="Mean">Mean of the finite elements; NaN where there is none.</param>
/// <param name="Norm">Square root of the sum of squares of the finite elements.</param>
/// <param name="Zeros">Number of elements that are 0.</param>
/// <param name="NaNs">Number of elements that are NaN.</param>
/// <param name="Infinities">Number of elements that are ±∞.</param>
public sealed record TensorStatistics(
    int Count, double Min, double Max, double Mean, double Norm, int Zeros, int NaNs, int Infinities)
{
    /// <summary>True where no element is NaN or infinite.</summary>
    public bool IsFinite => NaNs == 0 && Infinities == 0;

    /// <summary>Share of the elements that are 0, from 0 to 1; 0 for an empty tensor.</summary>
    public double ZeroShare => Count == 0 ? 0 : (double)Zeros / Count;

    /// <summary>The statistics of a tensor's values, summed in double precision in order of position.</summary>
    public static TensorStatistics Of(Tensor tensor) => Of(tensor, stride: 1);

    /// <summary>Those of every so-manieth element, beginning with the first; <see cref="Count"/> is the number of these.</summary>
    internal static TensorStatistics Of(Tensor tensor, int stride)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Gathering gathering = new(tensor, stride);
        tensor.DType.Dispatch(ref gathering);
        return gathering.Result!;
    }

    private struct Gathering(Tensor tensor, int stride) : ITypedAction
    {
        public TensorStatistics? Result { get; private set; }

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            double min = double.PositiveInfinity;
            double max = double.NegativeInfinity;
            double sum = 0;
            double squares = 0;
            int zeros = 0;
            int nans = 0;
            int infinities = 0;
            ReadOnlySpan<T> values = tensor.Values<T>();
            int count = (int)(((long)values.Length + stride - 1) / stride);
            for (int i = 0; i < count; i++)
            {
                double value = double.CreateChecked(values[i * stride]);
                if (double.IsNaN(value))
                {
                    nans++;
                }
                else if (double.IsInfinity(value))
                {
                    infinities++;
                }
                else
                {
                    min = Math.Min(min, value);
                    max = Math.Max(max, value);
                    sum += value;
                    squares += value * value;
                    zeros += value == 0 ? 1 : 0;
                }
            }

            int finite = count - nans - infinities;
            Result = finite == 0
                ? new(count, double.NaN, double.NaN, double.NaN, 0, zeros, nans, infinities)
                : new(count, min, max, sum / finite, Math.Sqrt(squares), zeros, nans, infinities);
        }
    }
}

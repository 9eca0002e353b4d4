using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>One step of an exponential moving average.</summary>
public static unsafe class MovingAverageStep
{
    /// <summary>a ← a + weight (x − a).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="average">a.</param>
    /// <param name="values">x, as many.</param>
    /// <param name="weight">Share of the new values, 0 to 1.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Update<T>(Span<T> average, ReadOnlySpan<T> values, T weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(values), values.Length, average.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < average.Length; i++)
                average[i] += weight * (values[i] - average[i]);
            return;
        }

        int n = average.Length;
        fixed (T* a = average, x = values)
            Ranges.Run<T, Kernel<T>>(n, 1, new(new(a, n), new(x, n), weight));
    }

    private readonly struct Kernel<T>(SharedSpan<T> average, SharedSpan<T> values, T weight) : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T>
        {
            Span<T> a = average.Span;
            Span<T> x = values.Span;
            V share = S.Fill(weight);
            for (int i = start; i < end; i += S.Count)
            {
                int lanes = Math.Min(S.Count, end - i);
                V old = S.LoadFirst(in a[i], lanes);
                S.StoreFirst(S.MultiplyAdd(share, S.Subtract(S.LoadFirst(in x[i], lanes), old), old), ref a[i], lanes);
            }
        }
    }
}

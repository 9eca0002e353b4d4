using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>Where the largest element of each row stands: what greedy decoding asks of logits.</summary>
public static unsafe class LargestElements
{
    /// <summary>
    /// iᵣ = argmaxⱼ xᵣⱼ and its value; the first of equal ones. A row with a NaN has the value NaN, and its index means nothing.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="input">[rows, columns], at least one column.</param>
    /// <param name="indices">[rows].</param>
    /// <param name="values">[rows].</param>
    /// <exception cref="ArgumentException">A length does not fit, or there are rows without elements.</exception>
    public static void Find<T>(ReadOnlySpan<T> input, Span<int> indices, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = indices.Length;
        Check.Length(nameof(values), values.Length, rows);
        if (rows == 0)
            return;
        int columns = input.Length / rows;
        if (columns == 0)
            throw new ArgumentException("A row has no largest element where it has none at all.", nameof(input));
        Check.Length(nameof(input), input.Length, rows * columns);
        if (Execution.Plain)
        {
            FindPlain(input, indices, values);
            return;
        }
        fixed (T* x = input, v = values)
        fixed (int* i = indices)
            Ranges.Run<T, Kernel<T>>(rows, columns, new(new(x, input.Length), new(i, rows), new(v, rows), columns));
    }

    internal static void FindPlain<T>(ReadOnlySpan<T> input, Span<int> indices, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = input.Length / indices.Length;
        for (int row = 0; row < indices.Length; row++)
        {
            (indices[row], values[row]) = (0, input[row * columns]);
            for (int column = 1; column < columns; column++)
            {
                T x = input[(row * columns) + column];
                if (x > values[row] || T.IsNaN(x))
                    (indices[row], values[row]) = (column, x);
            }
        }
    }

    private readonly struct Kernel<T>(SharedSpan<T> input, SharedSpan<int> indices, SharedSpan<T> values, int columns) : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A row is searched in stretches: the vectors find in which the largest element is, and only there one looks for where.
        private const int Stretch = 512;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T>
        {
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<T> x = input.Span.Slice(row * columns, columns);
                T largest = Largest<V, S>(x[..Math.Min(Stretch, columns)]);
                int stretch = 0;
                for (int next = Stretch; next < columns; next += Stretch)
                {
                    T candidate = Largest<V, S>(x.Slice(next, Math.Min(Stretch, columns - next)));
                    if (candidate > largest || T.IsNaN(candidate))
                        (largest, stretch) = (candidate, next);
                }

                values.Span[row] = largest;
                indices.Span[row] = stretch + Math.Max(x[stretch..].IndexOf(largest), 0);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Largest<V, S>(ReadOnlySpan<T> x)
            where V : struct
            where S : ISimd<V, T>
        {
            V nothing = S.Fill(T.NegativeInfinity);
            V a = nothing, b = nothing;
            int i = 0;
            for (; i <= x.Length - (2 * S.Count); i += 2 * S.Count)
            {
                a = S.Max(a, S.Load(in x[i]));
                b = S.Max(b, S.Load(in x[i + S.Count]));
            }

            for (; i < x.Length; i += S.Count)
            {
                int count = Math.Min(S.Count, x.Length - i);
                a = S.Max(a, S.Select(S.FirstLanes(count), S.LoadFirst(in x[i], count), nothing));
            }

            return S.MaxElement(S.Max(a, b));
        }
    }
}

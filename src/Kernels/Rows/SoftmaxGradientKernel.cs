using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>∂L/∂xᵢ = yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ), a group of rows at a time.</summary>
internal readonly struct SoftmaxGradientKernel<T>(SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> vectors = stackalloc T[S.Count * S.Count];
        Span<T> dots = stackalloc T[S.Count];
        int height = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += height)
        {
            int count = Math.Min(height, end - row) * columns;
            ReadOnlySpan<T> y = output.Span.Slice(row * columns, count);
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(row * columns, count);
            Products<V, S>(y, dy, columns, vectors);
            S.Store(RowGroup.Sum<V, S, T>(vectors, height), ref dots[0]);
            Centered<V, S>(y, dy, dots, columns, inputGradient.Span.Slice(row * columns, count));
        }
    }

    // A vector for each row whose elements add up to Σ dyⱼ yⱼ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products<V, S>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, int columns, Span<T> vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; y.Length > 0; r += S.Count)
        {
            V sum = S.Zero;
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                sum = S.MultiplyAdd(S.Load(in y[i]), S.Load(in dy[i]), sum);
            int rest = columns - i;
            if (rest > 0)
                sum = S.MultiplyAdd(S.LoadFirst(in y[i], rest), S.LoadFirst(in dy[i], rest), sum);
            S.Store(sum, ref vectors[r]);
            y = y[columns..];
            dy = dy[columns..];
        }
    }

    // dx = y (dy − dot)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Centered<V, S>(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, ReadOnlySpan<T> dots, int columns, Span<T> dx)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int r = 0; y.Length > 0; r++)
        {
            V dot = S.Fill(dots[r]);
            int i = 0;
            for (; i <= columns - S.Count; i += S.Count)
                S.Store(S.Multiply(S.Load(in y[i]), S.Subtract(S.Load(in dy[i]), dot)), ref dx[i]);
            int rest = columns - i;
            if (rest > 0)
                S.StoreFirst(S.Multiply(S.LoadFirst(in y[i], rest), S.Subtract(S.LoadFirst(in dy[i], rest), dot)), ref dx[i], rest);
            y = y[columns..];
            dy = dy[columns..];
            dx = dx[columns..];
        }
    }
}

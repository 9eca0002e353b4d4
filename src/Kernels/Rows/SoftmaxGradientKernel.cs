using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>∂L/∂xᵢ = yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ), a group of rows at a time.</summary>
internal readonly unsafe struct SoftmaxGradientKernel<T>(SharedSpan<T> output, SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [SkipLocalsInit]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        byte* memory = stackalloc byte[((S.Count + 1) * S.Count * sizeof(T)) + Cache.LineBytes];
        T* vectors = Cache.Aligned<T>(memory);
        T* dots = vectors + (S.Count * S.Count);
        bool past = Cache.IsPassed<V, S, T>(inputGradient, columns);
        int height = RowGroup.Height<T>(columns, S.Count);
        for (int row = start; row < end; row += height)
        {
            int rows = Math.Min(height, end - row);
            T* y = output.Start + (row * columns);
            T* dy = outputGradient.Start + (row * columns);
            Products<V, S>(y, dy, rows, columns, vectors);
            S.Store(RowGroup.Sum<V, S, T>(new(vectors, S.Count * S.Count), height), ref *dots);
            Centered<V, S>(y, dy, dots, rows, columns, inputGradient.Start + (row * columns), past);
        }
        if (past)
            Cache.FinishStreams();
    }

    // A vector for each row whose elements add up to Σ dyⱼ yⱼ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products<V, S>(T* y, T* dy, int rows, int columns, T* vectors)
        where V : struct
        where S : ISimd<V, T>
    {
        int whole = columns / S.Count * S.Count;
        int rest = columns - whole;
        for (int r = 0; r < rows; r++)
        {
            V sum = S.Zero;
            for (int i = 0; i < whole; i += S.Count)
                sum = S.MultiplyAdd(S.Load(ref y[i]), S.Load(ref dy[i]), sum);
            if (rest > 0)
                sum = S.MultiplyAdd(S.LoadFirst(ref y[whole], rest), S.LoadFirst(ref dy[whole], rest), sum);
            S.Store(sum, ref vectors[r * S.Count]);
            y += columns;
            dy += columns;
        }
    }

    // dx = y (dy − dot)
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Centered<V, S>(T* y, T* dy, T* dots, int rows, int columns, T* dx, bool past)
        where V : struct
        where S : ISimd<V, T>
    {
        int whole = columns / S.Count * S.Count;
        int rest = columns - whole;
        for (int r = 0; r < rows; r++)
        {
            V dot = S.Fill(dots[r]);
            for (int i = 0; i < whole; i += S.Count)
                Cache.Store<V, S, T>(S.Multiply(S.Load(ref y[i]), S.Subtract(S.Load(ref dy[i]), dot)), dx + i, past);
            if (rest > 0)
                S.StoreFirst(S.Multiply(S.LoadFirst(ref y[whole], rest), S.Subtract(S.LoadFirst(ref dy[whole], rest), dot)), ref dx[whole], rest);
            y += columns;
            dy += columns;
            dx += columns;
        }
    }
}

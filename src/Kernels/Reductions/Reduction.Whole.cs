using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Transformer.Kernels;

// Vectors of one width on every machine: the order of addition, and so every bit, is the same everywhere.
public static unsafe partial class Reduction
{
    private const int ChunkElements = 64 * 1024;

    /// <summary>Σ xᵢ, added in double in a fixed order, rounded once at the end.</summary>
    public static T Sum<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(SumInDouble(input, squared: false));

    /// <summary>Σ xᵢ², added in double in a fixed order.</summary>
    public static double SumOfSquares<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SumInDouble(input, squared: true);

    /// <summary>True when no element is NaN or infinite.</summary>
    public static bool AllFinite<T>(ReadOnlySpan<T> input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = Execution.Plain ? 0 : FinitePrefix(input); i < input.Length; i++)
        {
            if (!T.IsFinite(input[i]))
                return false;
        }
        return true;
    }

    private static double SumInDouble<T>(ReadOnlySpan<T> input, bool squared)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        if (Execution.Plain)
        {
            foreach (T value in input)
                sum += squared ? double.CreateTruncating(value) * double.CreateTruncating(value) : double.CreateTruncating(value);
            return sum;
        }

        int chunks = (input.Length + ChunkElements - 1) / ChunkElements;
        double[] partial = ArrayPool<double>.Shared.Rent(chunks);
        fixed (T* x = input)
        fixed (double* p = partial)
            Workers.Run(chunks, new SumChunks<T>(new(x, input.Length), squared, new(p, chunks)));
        for (int chunk = 0; chunk < chunks; chunk++)
            sum += partial[chunk];
        ArrayPool<double>.Shared.Return(partial);
        return sum;
    }

    /// <summary>The number of elements at the start, in whole vectors, that are surely finite: x − x is 0 for those alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FinitePrefix<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= x.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            Vector256<T> value = Vector256.LoadUnsafe(in x[i]);
            if (!Vector256.EqualsAll(value - value, Vector256<T>.Zero))
                return i;
        }
        return i;
    }

    private readonly struct SumChunks<T>(SharedSpan<T> input, bool squared, SharedSpan<double> partial) : IChunkBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(int chunk) => partial.Span[chunk] = Of(input.Span, chunk, squared);

        public static double Of(ReadOnlySpan<T> input, int chunk, bool squared)
        {
            int start = chunk * ChunkElements;
            ReadOnlySpan<T> x = input.Slice(start, Math.Min(ChunkElements, input.Length - start));
            return typeof(T) == typeof(float)
                ? Sum(MemoryMarshal.Cast<T, float>(x), squared)
                : Sum(MemoryMarshal.Cast<T, double>(x), squared);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static double Sum(ReadOnlySpan<float> x, bool squared)
        {
            Vector256<double> sum0 = default;
            Vector256<double> sum1 = default;
            int i = 0;
            for (; i <= x.Length - 8; i += 8)
            {
                (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.LoadUnsafe(in x[i]));
                sum0 += squared ? lower * lower : lower;
                sum1 += squared ? upper * upper : upper;
            }
            double sum = Vector256.Sum(sum0 + sum1);
            for (; i < x.Length; i++)
                sum += squared ? (double)x[i] * x[i] : x[i];
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static double Sum(ReadOnlySpan<double> x, bool squared)
        {
            Vector256<double> sum0 = default;
            Vector256<double> sum1 = default;
            int i = 0;
            for (; i <= x.Length - 8; i += 8)
            {
                Vector256<double> lower = Vector256.LoadUnsafe(in x[i]);
                Vector256<double> upper = Vector256.LoadUnsafe(in x[i + 4]);
                sum0 += squared ? lower * lower : lower;
                sum1 += squared ? upper * upper : upper;
            }
            double sum = Vector256.Sum(sum0 + sum1);
            for (; i < x.Length; i++)
                sum += squared ? x[i] * x[i] : x[i];
            return sum;
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

public static unsafe partial class Elementwise
{
    /// <summary>yᵢ = aᵢ where the condition is true, else bᵢ. All three may be repeated.</summary>
    public static void Select<T>(ReadOnlySpan<bool> condition, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Repeats(nameof(condition), condition.Length, output.Length);
        Check.Repeats(nameof(left), left.Length, output.Length);
        Check.Repeats(nameof(right), right.Length, output.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = condition[i % condition.Length] ? left[i % left.Length] : right[i % right.Length];
            return;
        }
        fixed (bool* c = condition)
        fixed (T* a = left, b = right, y = output)
        {
            Ranges.Run<T, SelectKernel<T>>(
                output.Length, 1, new(new(c, condition.Length), new(a, left.Length), new(b, right.Length), new(y, output.Length)));
        }
    }

    private readonly struct SelectKernel<T>(SharedSpan<bool> condition, SharedSpan<T> left, SharedSpan<T> right, SharedSpan<T> output) : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T>
        {
            for (int i = start; i < end;)
            {
                int length = Repeated.Piece(left.Length, i, Repeated.Piece(right.Length, i, end - i));
                length = Math.Min(length, condition.Length - (i % condition.Length));
                Piece<V, S>(Repeated.From<bool>(condition.Span, i), Repeated.From<T>(left.Span, i), Repeated.From<T>(right.Span, i), output.Span.Slice(i, length));
                i += length;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Piece<V, S>(ReadOnlySpan<bool> c, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where V : struct
            where S : ISimd<V, T>
        {
            bool oneA = a.Length == 1;
            bool oneB = b.Length == 1;
            V va = S.Fill(a[0]);
            V vb = S.Fill(b[0]);
            int i = 0;
            for (; i <= y.Length - S.Count; i += S.Count)
                S.Store(S.Select(S.LoadMask(in c[i]), oneA ? va : S.Load(in a[i]), oneB ? vb : S.Load(in b[i])), ref y[i]);
            for (; i < y.Length; i++)
                y[i] = c[i] ? a[oneA ? 0 : i] : b[oneB ? 0 : i];
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y = f(x), whole vectors and then the rest of one.</summary>
internal readonly struct Map1<T, F>(F formula, SharedSpan<T> input, SharedSpan<T> output) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where F : struct, IFormula1<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        F f = formula;
        ReadOnlySpan<T> x = input.Span[start..end];
        Span<T> y = output.Span[start..end];

        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(f.Of<V, S>(S.Load(in x[i])), ref y[i]);
        if (i < y.Length)
            S.StoreFirst(f.Of<V, S>(S.LoadFirst(in x[i], y.Length - i)), ref y[i], y.Length - i);
    }
}

/// <summary>y = f(a, b), where a and b may be repeated.</summary>
internal readonly struct Map2<T, F>(F formula, SharedSpan<T> left, SharedSpan<T> right, SharedSpan<T> output) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where F : struct, IFormula2<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        // Pieces within which neither operand starts over; a scalar never does.
        for (int i = start; i < end;)
        {
            int length = Repeated.Piece(left.Length, i, Repeated.Piece(right.Length, i, end - i));
            Piece<V, S>(formula, Repeated.From<T>(left.Span, i), Repeated.From<T>(right.Span, i), output.Span.Slice(i, length));
            i += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Piece<V, S>(F f, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        bool oneA = a.Length == 1;
        bool oneB = b.Length == 1;
        V va = S.Fill(a[0]);
        V vb = S.Fill(b[0]);

        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(f.Of<V, S>(oneA ? va : S.Load(in a[i]), oneB ? vb : S.Load(in b[i])), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(f.Of<V, S>(oneA ? va : S.LoadFirst(in a[i], rest), oneB ? vb : S.LoadFirst(in b[i], rest)), ref y[i], rest);
    }
}

/// <summary>y = f(a, b, c), where a, b and c may be repeated.</summary>
internal readonly struct Map3<T, F>(F formula, SharedSpan<T> first, SharedSpan<T> second, SharedSpan<T> third, SharedSpan<T> output) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where F : struct, IFormula3<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int i = start; i < end;)
        {
            ReadOnlySpan<T> a = Repeated.From<T>(first.Span, i);
            ReadOnlySpan<T> b = Repeated.From<T>(second.Span, i);
            ReadOnlySpan<T> c = Repeated.From<T>(third.Span, i);
            int length = Repeated.Piece(first.Length, i, Repeated.Piece(second.Length, i, Repeated.Piece(third.Length, i, end - i)));
            Piece<V, S>(formula, a, b, c, output.Span.Slice(i, length));
            i += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Piece<V, S>(F f, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        bool oneA = a.Length == 1;
        bool oneB = b.Length == 1;
        bool oneC = c.Length == 1;
        V va = S.Fill(a[0]);
        V vb = S.Fill(b[0]);
        V vc = S.Fill(c[0]);

        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(f.Of<V, S>(oneA ? va : S.Load(in a[i]), oneB ? vb : S.Load(in b[i]), oneC ? vc : S.Load(in c[i])), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
        {
            V lastA = oneA ? va : S.LoadFirst(in a[i], rest);
            V lastB = oneB ? vb : S.LoadFirst(in b[i], rest);
            V lastC = oneC ? vc : S.LoadFirst(in c[i], rest);
            S.StoreFirst(f.Of<V, S>(lastA, lastB, lastC), ref y[i], rest);
        }
    }
}

/// <summary>Operands that are shorter than the output and start over at their end; one element stands for as many as are needed.</summary>
internal static class Repeated
{
    /// <summary>What an operand has for the output's elements from <paramref name="i"/> on, until it starts over.</summary>
    public static ReadOnlySpan<T> From<T>(ReadOnlySpan<T> operand, int i) => i == 0 ? operand : operand[(i % operand.Length)..];

    /// <summary>The number of elements of an output, at most <paramref name="rest"/> from <paramref name="i"/> on, before the operand starts over.</summary>
    public static int Piece(int operandLength, int i, int rest) =>
        operandLength == 1 ? rest : Math.Min(operandLength - (i % operandLength), rest);
}

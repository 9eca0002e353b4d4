using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>dropout(relu(x)) seen from its output y: dy · scale where y is above 0.</summary>
internal readonly struct DroppedReluGradientFormula<T>(T scale) : IFormula2<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Of(T y, T dy) => y > T.Zero ? dy * scale : T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V, S>(V y, V dy)
        where V : struct
        where S : ISimd<V, T> =>
        S.Select(S.Less(S.Zero, y), S.Multiply(dy, S.Fill(scale)), S.Zero);
}

/// <summary>y = dropout(f(x)).</summary>
internal readonly struct ActivationDropoutKernel<T, F>(
    F function, SharedSpan<T> input, DropoutMask<T> mask, SharedSpan<T> output, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where F : struct, IFormula1<T>
{
    [SkipLocalsInit]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<uint> buffer = stackalloc uint[DropoutMask<T>.BufferLength];
        for (DropoutPieces<T> piece = new(mask, start, end, columns, buffer); piece.Next();)
        {
            Piece<V, S>(
                function, input.Span.Slice(piece.First, piece.Length), piece.Words, mask, output.Span.Slice(piece.First, piece.Length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Piece<V, S>(F f, ReadOnlySpan<T> x, ReadOnlySpan<uint> words, DropoutMask<T> mask, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        bool draws = mask.Draws;
        uint threshold = mask.Threshold;
        V scale = S.Fill(mask.Scale);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V active = f.Of<V, S>(S.Load(in x[i]));
            S.Store(draws ? S.Select(S.AtLeast(in words[i], threshold), S.Multiply(active, scale), S.Zero) : active, ref y[i]);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V active = f.Of<V, S>(S.LoadFirst(in x[i], rest));
            S.StoreFirst(draws ? S.Select(S.AtLeast(in words[i], threshold), S.Multiply(active, scale), S.Zero) : active, ref y[i], rest);
        }
    }
}

/// <summary>∂L/∂x = f′(x, dropout(∂L/∂y)) and each block's part of its sum over rows. An item is a block of rows.</summary>
internal readonly struct ActivationDropoutGradientKernel<T, F>(F gradient, SharedSpan<T> input, DropoutMask<T> mask,
    SharedSpan<T> outputGradient, SharedSpan<T> inputGradient, SharedSpan<T> biasPartials, RowBlocks blocks, int columns) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where F : struct, IFormula2<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int block = start; block < end; block++)
        {
            Span<T> sums = biasPartials.Span.Slice(block * columns, columns);
            sums.Clear();
            Rows<V, S>(blocks.Start(block), blocks.Start(block + 1), sums);
        }
    }

    [SkipLocalsInit]
    private void Rows<V, S>(int start, int end, Span<T> sums)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<uint> buffer = stackalloc uint[DropoutMask<T>.BufferLength];
        for (DropoutPieces<T> piece = new(mask, start, end, columns, buffer); piece.Next();)
        {
            Piece<V, S>(
                gradient, input.Span.Slice(piece.First, piece.Length), piece.Words, mask, outputGradient.Span.Slice(piece.First, piece.Length), inputGradient.Span.Slice(piece.First, piece.Length),
                sums.Slice(piece.Column, piece.Length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Piece<V, S>(F f, ReadOnlySpan<T> x, ReadOnlySpan<uint> words, DropoutMask<T> mask,
        ReadOnlySpan<T> dy, Span<T> dx, Span<T> sums)
        where V : struct
        where S : ISimd<V, T>
    {
        bool draws = mask.Draws;
        uint threshold = mask.Threshold;
        V scale = S.Fill(mask.Scale);
        int i = 0;
        for (; i <= dx.Length - S.Count; i += S.Count)
        {
            V slope = S.Load(in dy[i]);
            if (draws)
                slope = S.Select(S.AtLeast(in words[i], threshold), S.Multiply(slope, scale), S.Zero);
            V result = f.Of<V, S>(S.Load(in x[i]), slope);
            S.Store(result, ref dx[i]);
            S.Store(S.Add(S.Load(in sums[i]), result), ref sums[i]);
        }
        int rest = dx.Length - i;
        if (rest > 0)
        {
            V slope = S.LoadFirst(in dy[i], rest);
            if (draws)
                slope = S.Select(S.AtLeast(in words[i], threshold), S.Multiply(slope, scale), S.Zero);
            V result = f.Of<V, S>(S.LoadFirst(in x[i], rest), slope);
            S.StoreFirst(result, ref dx[i], rest);
            S.StoreFirst(S.Add(S.LoadFirst(in sums[i], rest), result), ref sums[i], rest);
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>y[i, :] = dropout(scale · table[tokenᵢ, :] + positions[positionᵢ, :]): some rows are added up, then dropped while they are in the cache.</summary>
internal readonly struct TokenEmbeddingKernel<T>(SharedSpan<T> table, SharedSpan<int> tokens, T scale, SharedSpan<T> positions,
    SharedSpan<int> positionNumbers, DropoutMask<T> mask, SharedSpan<T> output, int width) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        int step = Math.Max(1, DropoutMask<T>.Stretch / width);
        for (int first = start; first < end; first += step)
        {
            int last = Math.Min(first + step, end);
            for (int row = first; row < last; row++)
            {
                ReadOnlySpan<T> position = positions.IsEmpty ? default : positions.Span.Slice(positionNumbers.Span[row] * width, width);
                ScaleAndAdd<V, S>(table.Span.Slice(tokens.Span[row] * width, width), scale, position, output.Span.Slice(row * width, width));
            }
            if (!mask.Draws)
                continue;
            Span<T> y = output.Span[(first * width)..(last * width)];
            DropoutLoops.Drop<V, S, T>(y, mask, first * width, y);
        }
    }

    // y = scale x + p
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleAndAdd<V, S>(ReadOnlySpan<T> x, T scale, ReadOnlySpan<T> p, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V factor = S.Fill(scale);
        bool hasPosition = !p.IsEmpty;
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
        {
            V scaled = S.Multiply(factor, S.Load(in x[i]));
            S.Store(hasPosition ? S.Add(scaled, S.Load(in p[i])) : scaled, ref y[i]);
        }
        int rest = y.Length - i;
        if (rest > 0)
        {
            V scaled = S.Multiply(factor, S.LoadFirst(in x[i], rest));
            S.StoreFirst(hasPosition ? S.Add(scaled, S.LoadFirst(in p[i], rest)) : scaled, ref y[i], rest);
        }
    }
}

/// <summary>∂L/∂table[t, :] += Σ scale · dropout(∂L/∂y)[i, :] over all i with tokenᵢ = t: an item is the rows of the table that one owner has.</summary>
internal readonly struct TokenEmbeddingGradientKernel<T>(SharedSpan<T> outputGradient, SharedSpan<int> tokens, T scale, DropoutMask<T> mask,
    SharedSpan<T> tableGradient, int width, int ignoredToken) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [SkipLocalsInit]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> dropped = stackalloc T[DropoutMask<T>.Stretch];
        for (int i = 0; i < tokens.Length; i++)
        {
            int token = tokens.Span[i];
            if (token == ignoredToken || !RowOwners.Own(token, start, end))
                continue;
            ReadOnlySpan<T> dy = outputGradient.Span.Slice(i * width, width);
            Span<T> dx = tableGradient.Span.Slice(token * width, width);
            if (!mask.Draws)
            {
                AddScaled<V, S>(dy, scale, dx);
                continue;
            }
            for (int column = 0; column < width; column += dropped.Length)
            {
                Span<T> part = dropped[..Math.Min(dropped.Length, width - column)];
                DropoutLoops.Drop<V, S, T>(dy.Slice(column, part.Length), mask, (i * width) + column, part);
                AddScaled<V, S>(part, scale, dx.Slice(column, part.Length));
            }
        }
    }

    // y += factor x, rounded twice as in separate kernels
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled<V, S>(ReadOnlySpan<T> x, T factor, Span<T> y)
        where V : struct
        where S : ISimd<V, T>
    {
        V c = S.Fill(factor);
        int i = 0;
        for (; i <= y.Length - S.Count; i += S.Count)
            S.Store(S.Add(S.Load(in y[i]), S.Multiply(c, S.Load(in x[i]))), ref y[i]);

        int rest = y.Length - i;
        if (rest > 0)
            S.StoreFirst(S.Add(S.LoadFirst(in y[i], rest), S.Multiply(c, S.LoadFirst(in x[i], rest))), ref y[i], rest);
    }
}

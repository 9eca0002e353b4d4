using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct CrossEntropyKernel<T>(SharedSpan<T> logits, SharedSpan<int> targets, T smoothing, int ignoredIndex,
    SharedSpan<T> losses, SharedSpan<T> logSumExp, int classes) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        for (int row = start; row < end; row++)
        {
            int target = targets.Span[row];
            logSumExp.Span[row] = T.Zero;
            if (target == ignoredIndex)
                continue;

            ReadOnlySpan<T> x = logits.Span.Slice(row * classes, classes);
            T largest = RowLoops.MaxOfNumbers<V, S, T>(x);
            T normalizer = largest + T.Log(RowLoops.SumOfExp<V, S, T>(x, largest));
            T sum = smoothing == T.Zero ? T.Zero : RowLoops.Sum<V, S, T>(x);
            logSumExp.Span[row] = normalizer;
            losses.Span[row] = CrossEntropyPlain.RowLoss(normalizer, x[target], sum, smoothing, classes);
        }
    }
}

internal readonly struct CrossEntropyGradientKernel<T>(SharedSpan<T> logits, SharedSpan<int> targets, T smoothing, int ignoredIndex,
    SharedSpan<T> logSumExp, T factor, SharedSpan<T> logitsGradient, int classes) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        T spread = smoothing / T.CreateTruncating(classes);
        for (int row = start; row < end; row++)
        {
            ReadOnlySpan<T> x = logits.Span.Slice(row * classes, classes);
            Span<T> dx = logitsGradient.Span.Slice(row * classes, classes);
            int target = targets.Span[row];
            if (target == ignoredIndex)
            {
                dx.Clear();
                continue;
            }

            // The target's own term is not left to a difference: softmax − q is formed before it is scaled.
            T gradient = factor * (T.Exp(x[target] - logSumExp.Span[row]) - (T.One - smoothing + spread));
            RowLoops.ExpMinus<V, S, T>(x, logSumExp.Span[row], spread, factor, dx);
            dx[target] = gradient;
        }
    }
}

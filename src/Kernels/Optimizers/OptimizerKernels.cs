using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal readonly struct AdamKernel<T>(
    SharedSpan<T> parameter, SharedSpan<T> gradient, SharedSpan<T> firstMoment, SharedSpan<T> secondMoment, AdamStep step) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> p = parameter.Span;
        Span<T> g = gradient.Span;
        Span<T> m = firstMoment.Span;
        Span<T> v = secondMoment.Span;
        V scale = S.Fill(T.CreateTruncating(step.GradientScale));
        V keep = S.Fill(T.CreateTruncating(step.Decoupled ? 1 - (step.Rate * step.WeightDecay) : 1));
        V decay = S.Fill(T.CreateTruncating(step.Decoupled ? 0 : step.WeightDecay));
        V weight1 = S.Fill(T.CreateTruncating(1 - step.Beta1));
        V beta2 = S.Fill(T.CreateTruncating(step.Beta2));
        V weight2 = S.Fill(T.CreateTruncating(1 - step.Beta2));
        V rate = S.Fill(T.CreateTruncating(step.Rate / step.Correction1));
        V root = S.Fill(T.CreateTruncating(Math.Sqrt(step.Correction2)));
        V epsilon = S.Fill(T.CreateTruncating(step.Epsilon));
        for (int i = start; i < end; i += S.Count)
        {
            int lanes = Math.Min(S.Count, end - i);
            V old = S.Multiply(S.LoadFirst(in p[i], lanes), keep);
            V slope = S.MultiplyAdd(decay, old, S.Multiply(S.LoadFirst(in g[i], lanes), scale));
            V first = S.LoadFirst(in m[i], lanes);
            first = S.MultiplyAdd(weight1, S.Subtract(slope, first), first);
            V second = S.MultiplyAdd(beta2, S.LoadFirst(in v[i], lanes), S.Multiply(S.Multiply(weight2, slope), slope));
            V denominator = S.Add(S.Divide(S.Sqrt(second), root), epsilon);
            S.StoreFirst(first, ref m[i], lanes);
            S.StoreFirst(second, ref v[i], lanes);
            S.StoreFirst(S.Subtract(old, S.Divide(S.Multiply(rate, first), denominator)), ref p[i], lanes);
        }
    }
}

internal readonly struct MomentumKernel<T>(SharedSpan<T> parameter, SharedSpan<T> gradient, SharedSpan<T> buffer, MomentumStep step) : IRangeKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, S>(int start, int end)
        where V : struct
        where S : ISimd<V, T>
    {
        Span<T> p = parameter.Span;
        Span<T> g = gradient.Span;
        Span<T> b = buffer.Span;
        V rate = S.Fill(T.CreateTruncating(-step.Rate));
        V momentum = S.Fill(T.CreateTruncating(step.Momentum));
        V decay = S.Fill(T.CreateTruncating(step.WeightDecay));
        V scale = S.Fill(T.CreateTruncating(step.GradientScale));
        for (int i = start; i < end; i += S.Count)
        {
            int lanes = Math.Min(S.Count, end - i);
            V old = S.LoadFirst(in p[i], lanes);
            V slope = S.MultiplyAdd(decay, old, S.Multiply(S.LoadFirst(in g[i], lanes), scale));
            if (step.Momentum != 0)
            {
                V velocity = S.MultiplyAdd(momentum, S.LoadFirst(in b[i], lanes), slope);
                S.StoreFirst(velocity, ref b[i], lanes);
                slope = step.Nesterov ? S.MultiplyAdd(momentum, velocity, slope) : velocity;
            }
            S.StoreFirst(S.MultiplyAdd(rate, slope, old), ref p[i], lanes);
        }
    }
}

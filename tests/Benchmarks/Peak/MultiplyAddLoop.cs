using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Benchmarks.Peak;

/// <summary>
/// Fused multiply-adds in registers alone, r ← r · m + c, in twelve chains that do not depend on each other: an addition waits
/// four or five cycles for the one before it in its chain, and two may begin in each cycle.
/// </summary>
internal sealed class MultiplyAddLoop<TSimd, V> : PeakLoop
    where TSimd : struct, ISimd<V, float>
    where V : struct
{
    private const int Chains = 12;

    // Keeps every r near 1.
    private const float Factor = 0.999999f;
    private const float Summand = 1e-6f;

    public override double WorkPerRound => 2 * Chains * TSimd.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Run(long rounds)
    {
        V m = TSimd.Fill(Factor), c = TSimd.Fill(Summand);
        V r0 = TSimd.Fill(1), r1 = TSimd.Add(r0, c), r2 = TSimd.Add(r1, c), r3 = TSimd.Add(r2, c);
        V r4 = TSimd.Add(r3, c), r5 = TSimd.Add(r4, c), r6 = TSimd.Add(r5, c), r7 = TSimd.Add(r6, c);
        V r8 = TSimd.Add(r7, c), r9 = TSimd.Add(r8, c), r10 = TSimd.Add(r9, c), r11 = TSimd.Add(r10, c);
        for (long i = 0; i < rounds; i++)
        {
            r0 = TSimd.MultiplyAdd(r0, m, c);
            r1 = TSimd.MultiplyAdd(r1, m, c);
            r2 = TSimd.MultiplyAdd(r2, m, c);
            r3 = TSimd.MultiplyAdd(r3, m, c);
            r4 = TSimd.MultiplyAdd(r4, m, c);
            r5 = TSimd.MultiplyAdd(r5, m, c);
            r6 = TSimd.MultiplyAdd(r6, m, c);
            r7 = TSimd.MultiplyAdd(r7, m, c);
            r8 = TSimd.MultiplyAdd(r8, m, c);
            r9 = TSimd.MultiplyAdd(r9, m, c);
            r10 = TSimd.MultiplyAdd(r10, m, c);
            r11 = TSimd.MultiplyAdd(r11, m, c);
        }

        V first = TSimd.Add(TSimd.Add(TSimd.Add(r0, r1), TSimd.Add(r2, r3)), TSimd.Add(r4, r5));
        V second = TSimd.Add(TSimd.Add(TSimd.Add(r6, r7), TSimd.Add(r8, r9)), TSimd.Add(r10, r11));
        return TSimd.Sum(TSimd.Add(first, second));
    }
}

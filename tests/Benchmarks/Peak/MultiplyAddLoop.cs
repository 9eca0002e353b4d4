using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Benchmarks.Peak;

/// <summary>
/// Fused multiply-adds in registers alone, r ← r · m + c, in twelve chains that do not depend on each other: an addition waits
/// four or five cycles for the one before it in its chain, and two may begin in each cycle.
/// </summary>
internal abstract class MultiplyAddLoop : PeakLoop
{
    private protected const int Chains = 12;

    // Keeps every r near 1.
    private protected const float Factor = 0.999999f;
    private protected const float Summand = 1e-6f;

    /// <summary>The loop in the widest vectors that the machine accelerates.</summary>
    public static MultiplyAddLoop Widest() =>
        Vector512.IsHardwareAccelerated ? new MultiplyAddLoop512()
        : Vector256.IsHardwareAccelerated ? new MultiplyAddLoop256()
        : new MultiplyAddLoop128();

    /// <summary>FLOP a second of the threads together, in about a third of a second.</summary>
    public static double QuickRate(int threads) => PeakRate.PerSecond(Widest, threads, repetitions: 5).Median;
}

/// <summary>In vectors of 16 floats.</summary>
internal sealed class MultiplyAddLoop512 : MultiplyAddLoop
{
    public override double WorkPerRound => 2 * 16 * Chains;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Run(long rounds)
    {
        Vector512<float> m = Vector512.Create(Factor), c = Vector512.Create(Summand);
        Vector512<float> r0 = Vector512.Create(1.0f), r1 = r0 + c, r2 = r1 + c, r3 = r2 + c, r4 = r3 + c, r5 = r4 + c;
        Vector512<float> r6 = r5 + c, r7 = r6 + c, r8 = r7 + c, r9 = r8 + c, r10 = r9 + c, r11 = r10 + c;
        for (long i = 0; i < rounds; i++)
        {
            r0 = Vector512.FusedMultiplyAdd(r0, m, c);
            r1 = Vector512.FusedMultiplyAdd(r1, m, c);
            r2 = Vector512.FusedMultiplyAdd(r2, m, c);
            r3 = Vector512.FusedMultiplyAdd(r3, m, c);
            r4 = Vector512.FusedMultiplyAdd(r4, m, c);
            r5 = Vector512.FusedMultiplyAdd(r5, m, c);
            r6 = Vector512.FusedMultiplyAdd(r6, m, c);
            r7 = Vector512.FusedMultiplyAdd(r7, m, c);
            r8 = Vector512.FusedMultiplyAdd(r8, m, c);
            r9 = Vector512.FusedMultiplyAdd(r9, m, c);
            r10 = Vector512.FusedMultiplyAdd(r10, m, c);
            r11 = Vector512.FusedMultiplyAdd(r11, m, c);
        }

        return Vector512.Sum(((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7)) + ((r8 + r9) + (r10 + r11)));
    }
}

/// <summary>In vectors of 8 floats.</summary>
internal sealed class MultiplyAddLoop256 : MultiplyAddLoop
{
    public override double WorkPerRound => 2 * 8 * Chains;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Run(long rounds)
    {
        Vector256<float> m = Vector256.Create(Factor), c = Vector256.Create(Summand);
        Vector256<float> r0 = Vector256.Create(1.0f), r1 = r0 + c, r2 = r1 + c, r3 = r2 + c, r4 = r3 + c, r5 = r4 + c;
        Vector256<float> r6 = r5 + c, r7 = r6 + c, r8 = r7 + c, r9 = r8 + c, r10 = r9 + c, r11 = r10 + c;
        for (long i = 0; i < rounds; i++)
        {
            r0 = Vector256.FusedMultiplyAdd(r0, m, c);
            r1 = Vector256.FusedMultiplyAdd(r1, m, c);
            r2 = Vector256.FusedMultiplyAdd(r2, m, c);
            r3 = Vector256.FusedMultiplyAdd(r3, m, c);
            r4 = Vector256.FusedMultiplyAdd(r4, m, c);
            r5 = Vector256.FusedMultiplyAdd(r5, m, c);
            r6 = Vector256.FusedMultiplyAdd(r6, m, c);
            r7 = Vector256.FusedMultiplyAdd(r7, m, c);
            r8 = Vector256.FusedMultiplyAdd(r8, m, c);
            r9 = Vector256.FusedMultiplyAdd(r9, m, c);
            r10 = Vector256.FusedMultiplyAdd(r10, m, c);
            r11 = Vector256.FusedMultiplyAdd(r11, m, c);
        }

        return Vector256.Sum(((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7)) + ((r8 + r9) + (r10 + r11)));
    }
}

/// <summary>In vectors of 4 floats.</summary>
internal sealed class MultiplyAddLoop128 : MultiplyAddLoop
{
    public override double WorkPerRound => 2 * 4 * Chains;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Run(long rounds)
    {
        Vector128<float> m = Vector128.Create(Factor), c = Vector128.Create(Summand);
        Vector128<float> r0 = Vector128.Create(1.0f), r1 = r0 + c, r2 = r1 + c, r3 = r2 + c, r4 = r3 + c, r5 = r4 + c;
        Vector128<float> r6 = r5 + c, r7 = r6 + c, r8 = r7 + c, r9 = r8 + c, r10 = r9 + c, r11 = r10 + c;
        for (long i = 0; i < rounds; i++)
        {
            r0 = Vector128.FusedMultiplyAdd(r0, m, c);
            r1 = Vector128.FusedMultiplyAdd(r1, m, c);
            r2 = Vector128.FusedMultiplyAdd(r2, m, c);
            r3 = Vector128.FusedMultiplyAdd(r3, m, c);
            r4 = Vector128.FusedMultiplyAdd(r4, m, c);
            r5 = Vector128.FusedMultiplyAdd(r5, m, c);
            r6 = Vector128.FusedMultiplyAdd(r6, m, c);
            r7 = Vector128.FusedMultiplyAdd(r7, m, c);
            r8 = Vector128.FusedMultiplyAdd(r8, m, c);
            r9 = Vector128.FusedMultiplyAdd(r9, m, c);
            r10 = Vector128.FusedMultiplyAdd(r10, m, c);
            r11 = Vector128.FusedMultiplyAdd(r11, m, c);
        }

        return Vector128.Sum(((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7)) + ((r8 + r9) + (r10 + r11)));
    }
}

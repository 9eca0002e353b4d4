using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Benchmarks.Peak;

/// <summary>
/// aᵢ = bᵢ + s cᵢ over three buffers (McCalpin 1995, STREAM). Work is counted in the bytes that the formula names; what a
/// cache reads of a before it overwrites it comes on top.
/// </summary>
internal sealed class TriadLoop<TSimd, V>(PeakBuffers buffers) : PeakLoop
    where TSimd : struct, ISimd<V, float>
    where V : struct
{
    public override double WorkPerRound => 3 * sizeof(float) * (double)buffers.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Run(long rounds)
    {
        ref float a = ref buffers.First(), b = ref buffers.Second(), c = ref buffers.Third();
        V s = TSimd.Fill(0.5f);
        int step = TSimd.Count;
        for (long round = 0; round < rounds; round++)
        {
            for (int i = 0; i < buffers.Count; i += 4 * step)
            {
                Triad(ref a, ref b, ref c, s, i);
                Triad(ref a, ref b, ref c, s, i + step);
                Triad(ref a, ref b, ref c, s, i + (2 * step));
                Triad(ref a, ref b, ref c, s, i + (3 * step));
            }
        }

        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Triad(ref float a, ref float b, ref float c, V s, int i) =>
        TSimd.Store(TSimd.MultiplyAdd(s, TSimd.Load(ref Unsafe.Add(ref c, i)), TSimd.Load(ref Unsafe.Add(ref b, i))), ref Unsafe.Add(ref a, i));
}

using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Benchmarks.Peak;

/// <summary>Reads a buffer from end to end, as the sum of its elements in eight accumulators. Work is counted in bytes.</summary>
internal sealed class ReadLoop<TSimd, V>(PeakBuffers buffers) : PeakLoop
    where TSimd : struct, ISimd<V, float>
    where V : struct
{
    public override double WorkPerRound => sizeof(float) * (double)buffers.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Run(long rounds)
    {
        ref float a = ref buffers.First();
        int step = TSimd.Count;
        V s0 = TSimd.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (long round = 0; round < rounds; round++)
        {
            for (int i = 0; i < buffers.Count; i += PeakBuffers.Granularity)
            {
                ref float x = ref Unsafe.Add(ref a, i);
                for (int j = 0; j < PeakBuffers.Granularity; j += 8 * step)
                {
                    s0 = TSimd.Add(s0, TSimd.Load(ref Unsafe.Add(ref x, j)));
                    s1 = TSimd.Add(s1, TSimd.Load(ref Unsafe.Add(ref x, j + step)));
                    s2 = TSimd.Add(s2, TSimd.Load(ref Unsafe.Add(ref x, j + (2 * step))));
                    s3 = TSimd.Add(s3, TSimd.Load(ref Unsafe.Add(ref x, j + (3 * step))));
                    s4 = TSimd.Add(s4, TSimd.Load(ref Unsafe.Add(ref x, j + (4 * step))));
                    s5 = TSimd.Add(s5, TSimd.Load(ref Unsafe.Add(ref x, j + (5 * step))));
                    s6 = TSimd.Add(s6, TSimd.Load(ref Unsafe.Add(ref x, j + (6 * step))));
                    s7 = TSimd.Add(s7, TSimd.Load(ref Unsafe.Add(ref x, j + (7 * step))));
                }
            }
        }

        V sum = TSimd.Add(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), TSimd.Add(TSimd.Add(s4, s5), TSimd.Add(s6, s7)));
        return TSimd.Sum(sum);
    }
}

using System.Runtime.Intrinsics;
using Transformer.Kernels;
using Transformer.Kernels.Simd;

namespace Benchmarks.Peak;

/// <summary>The loops in the widest vectors that the kernels use on this machine.</summary>
internal static class PeakLoops
{
    public static PeakLoop MultiplyAdd(int vectorBits) => vectorBits switch
    {
        512 => new MultiplyAddLoop<Simd512<float>, Vector512<float>>(),
        256 => new MultiplyAddLoop<Simd256<float>, Vector256<float>>(),
        _ => new MultiplyAddLoop<Simd128<float>, Vector128<float>>(),
    };

    /// <param name="bytes">Size of the buffer.</param>
    public static PeakLoop Read(int bytes)
    {
        PeakBuffers buffers = new(bytes, count: 1);
        return Execution.VectorBits switch
        {
            512 => new ReadLoop<Simd512<float>, Vector512<float>>(buffers),
            256 => new ReadLoop<Simd256<float>, Vector256<float>>(buffers),
            _ => new ReadLoop<Simd128<float>, Vector128<float>>(buffers),
        };
    }

    /// <param name="bytes">Size of the three buffers together.</param>
    public static PeakLoop Triad(int bytes)
    {
        PeakBuffers buffers = new(bytes, count: 3);
        return Execution.VectorBits switch
        {
            512 => new TriadLoop<Simd512<float>, Vector512<float>>(buffers),
            256 => new TriadLoop<Simd256<float>, Vector256<float>>(buffers),
            _ => new TriadLoop<Simd128<float>, Vector128<float>>(buffers),
        };
    }

    /// <summary>
    /// GFLOP/s of fused multiply-adds on so many threads together (no more than there are processors), the best of three tries of a third
    /// of a second: what others take from one of them is not the machine's.
    /// </summary>
    public static double QuickGflops(int threads)
    {
        int count = Math.Min(threads, Environment.ProcessorCount);
        return 1e-9 * Enumerable.Range(0, 3).Max(_ => PeakRate.PerSecond(() => MultiplyAdd(Execution.VectorBits), count, repetitions: 5).Median);
    }
}

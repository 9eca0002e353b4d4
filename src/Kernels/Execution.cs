using System.Runtime.Intrinsics;

namespace Transformer.Kernels;

/// <summary>
/// The one place for what all kernels share: how many threads they use, the vector width, and the switch to the
/// plain loops. Set these before the work starts; results do not depend on <see cref="ThreadCount"/>.
/// </summary>
public static class Execution
{
    private static int threadCount = Environment.ProcessorCount;

    /// <summary>
    /// True makes every kernel call its plain reference: the formula as a loop that one can step into
    /// (build with <c>-p:DebugKernels=true</c> for readable locals). Slow, and equal to rounding.
    /// </summary>
    public static bool Plain { get; set; }

    /// <summary>Threads that a kernel may use, the calling one included: 1 or more; at the start, the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public static int ThreadCount
    {
        get => threadCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            threadCount = value;
        }
    }

    /// <summary>Bits in the vectors that kernels use: 512, 256 or 128, the widest that the machine accelerates.</summary>
    public static int VectorBits { get; internal set; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}

using System.Runtime.Intrinsics;
using Transformer.Kernels;

namespace Kernels.Tests;

/// <summary>Runs a test at each vector width that the machine accelerates; such tests belong to <see cref="SetsExecution"/>.</summary>
internal static class Widths
{
    public static IEnumerable<int> Accelerated
    {
        get
        {
            if (Vector512.IsHardwareAccelerated)
                yield return 512;
            if (Vector256.IsHardwareAccelerated)
                yield return 256;
            yield return 128;
        }
    }

    public static void ForEach(Action<int> test)
    {
        int before = Execution.VectorBits;
        try
        {
            foreach (int bits in Accelerated)
            {
                Execution.VectorBits = bits;
                test(bits);
            }
        }
        finally
        {
            Execution.VectorBits = before;
        }
    }

    /// <summary>Runs the plain references.</summary>
    public static void Plainly(Action action)
    {
        Execution.Plain = true;
        try
        {
            action();
        }
        finally
        {
            Execution.Plain = false;
        }
    }

    /// <summary>Runs an action with a number of threads.</summary>
    public static void WithThreads(int threads, Action action)
    {
        int before = Execution.ThreadCount;
        Execution.ThreadCount = threads;
        try
        {
            action();
        }
        finally
        {
            Execution.ThreadCount = before;
        }
    }
}

namespace Kernels.Tests;

/// <summary>Managed memory that an action asks for.</summary>
internal static class Allocated
{
    /// <summary>
    /// Bytes for each of many runs after the first. The least of several rounds: a garbage collection in between counts the
    /// rest of the thread's allocation buffer as allocated.
    /// </summary>
    public static long ByRepeated(Action action)
    {
        action();
        long least = long.MaxValue;
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                action();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / 10);
        }
        return least;
    }
}

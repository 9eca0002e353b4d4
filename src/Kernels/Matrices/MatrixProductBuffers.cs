namespace Transformer.Kernels;

/// <summary>
/// Memory for the copies of A and B: one array of each for every thread, which grows and is used again, so that a product
/// allocates nothing once it has been done before.
/// </summary>
internal static class MatrixProductBuffers<T>
{
    [ThreadStatic]
    private static T[]? ofA;

    [ThreadStatic]
    private static T[]? ofB;

    /// <summary>At least <paramref name="length"/> elements of no particular value, until this thread asks for A's again.</summary>
    public static T[] OfA(int length) => Grow(ref ofA, length);

    /// <summary>At least <paramref name="length"/> elements of no particular value, until this thread asks for B's again.</summary>
    public static T[] OfB(int length) => Grow(ref ofB, length);

    private static T[] Grow(ref T[]? buffer, int length)
    {
        if (buffer is null || buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<T>(length, pinned: true);
        return buffer;
    }
}

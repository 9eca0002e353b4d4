namespace Transformer.Kernels;

/// <summary>Scratch memory of attention: arrays of each thread, which grow and are used again. Their content is of no particular value.</summary>
internal static class AttentionBuffers<T>
{
    [ThreadStatic]
    private static bool[]? keep;

    [ThreadStatic]
    private static T[]? dropped;

    [ThreadStatic]
    private static T[]? gradient;

    [ThreadStatic]
    private static bool[]? kept;

    public static bool[] Keep(int length) => Grow(ref keep, length);

    public static T[] Dropped(int length) => Grow(ref dropped, length);

    public static T[] Gradient(int length) => Grow(ref gradient, length);

    public static bool[] Kept(int length) => Grow(ref kept, length);

    private static TElement[] Grow<TElement>(ref TElement[]? buffer, int length)
    {
        if (buffer is null || buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<TElement>(length, pinned: true);
        return buffer;
    }
}

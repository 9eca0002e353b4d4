using System.Numerics;

namespace Transformer.Autograd;

/// <summary>
/// Arrays that steps use again and again, by size class: four classes to each power of two, so that at most a fifth
/// of a new array lies idle (and never less than 64 elements are given out). Shared by all threads.
/// </summary>
internal static class BufferPool
{
    private const int SmallestLog = 6;
    private const int ClassesPerDoubling = 4;
    private static readonly Lock Gate = new();
    private static readonly Stack<Array>[] Singles = NewClasses();
    private static readonly Stack<Array>[] Doubles = NewClasses();

    /// <summary>An array of at least <paramref name="count"/> elements with arbitrary contents.</summary>
    public static Array Rent(DType dtype, int count)
    {
        int sizeClass = ClassOf(count);
        Stack<Array>[] free = dtype == DType.Float32 ? Singles : Doubles;
        lock (Gate)
        {
            // An array of up to twice the size serves as well: batches come in many lengths, and a pool of its own for each
            // would hold many times what one step needs.
            for (int c = sizeClass; c < Math.Min(sizeClass + ClassesPerDoubling, free.Length); c++)
            {
                if (free[c].TryPop(out Array? array))
                    return array;
            }
        }

        int length = LengthOf(sizeClass);
        return dtype == DType.Float32
            ? GC.AllocateUninitializedArray<float>(length)
            : GC.AllocateUninitializedArray<double>(length);
    }

    /// <summary>Takes back an array that <see cref="Rent"/> gave out; the caller must not touch it any more.</summary>
    public static void Return(DType dtype, Array array)
    {
        Stack<Array> free = (dtype == DType.Float32 ? Singles : Doubles)[ClassOf(array.Length)];
        lock (Gate)
            free.Push(array);
    }

    // Class c holds (4 + c mod 4) · 2^(c/4 + SmallestLog − 2) elements: 64, 80, 96, 112, 128, 160, …
    internal static int LengthOf(int sizeClass) =>
        (int)Math.Min((4L + sizeClass % 4) << (sizeClass / 4 + SmallestLog - 2), Array.MaxLength);

    internal static int ClassOf(int count)
    {
        if (count <= 1 << SmallestLog)
            return 0;
        int log = BitOperations.Log2((uint)(count - 1));
        int quarter = ((count - 1) >> (log - 2)) & 3;
        return (log - SmallestLog) * 4 + quarter + 1;
    }

    private static Stack<Array>[] NewClasses() =>
        [.. Enumerable.Range(0, (32 - SmallestLog) * ClassesPerDoubling).Select(_ => new Stack<Array>())];
}

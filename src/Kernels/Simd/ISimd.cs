namespace Transformer.Kernels.Simd;

/// <summary>
/// The vector instructions that kernels use, so that one kernel source serves every width and both element types:
/// <typeparamref name="V"/> is a vector of <typeparamref name="T"/> (float or double). Implementations hold no state;
/// a kernel takes one as a type argument and the compiler inlines every call.
/// </summary>
/// <typeparam name="V">Vector type, such as <c>Vector512&lt;float&gt;</c>.</typeparam>
/// <typeparam name="T">Element type, float or double.</typeparam>
internal unsafe interface ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Zero { get; }

    /// <summary>A vector of one value.</summary>
    static abstract V Fill(T value);

    static abstract V Load(ref readonly T source);

    /// <summary>
    /// Loads <paramref name="count"/> (0 to <see cref="Count"/>) elements; the others are 0 and their memory is not touched. Here and in
    /// <see cref="StoreFirst"/> the memory is pinned or on the stack, as all is that kernels work on.
    /// </summary>
    static abstract V LoadFirst(ref readonly T source, int count);

    /// <summary>All bits set where an element of <paramref name="source"/> is true, for <see cref="Select"/>.</summary>
    static abstract V LoadMask(ref readonly bool source);

    /// <summary>As <see cref="LoadMask"/> for <paramref name="count"/> (0 to <see cref="Count"/>) elements; the others are false and their memory is not touched.</summary>
    static abstract V LoadFirstMask(ref readonly bool source, int count);

    /// <summary>All bits set where a word of <paramref name="words"/>, one for each element, is at least <paramref name="limit"/>.</summary>
    static abstract V AtLeast(ref readonly uint words, uint limit);

    static abstract void Store(V value, ref T destination);

    /// <summary>Stores the first <paramref name="count"/> (0 to <see cref="Count"/>) elements; the memory behind them is not touched.</summary>
    static abstract void StoreFirst(V value, ref T destination, int count);

    /// <summary>
    /// Stores past the caches: what is overwritten is not read from memory first. The address is a multiple of the vector's size.
    /// <see cref="Cache.FinishStreams"/> must follow before other threads read it.
    /// </summary>
    static abstract void StorePast(V value, T* destination);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a·b + c, rounded once where the machine has the instruction.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>The larger of each pair; NaN where either is NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The larger of each pair by the machine's own instruction, a third of the cost of <see cref="Max"/>: where either is NaN, which of the two comes out depends on the machine.</summary>
    static abstract V MaxOfNumbers(V a, V b);

    static abstract V Abs(V a);

    static abstract V Negate(V a);

    static abstract V Sqrt(V a);

    /// <summary>Nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>All bits set where a &lt; b, for <see cref="Select"/>.</summary>
    static abstract V Less(V a, V b);

    /// <summary>All bits set where a = b (never for NaN).</summary>
    static abstract V Equal(V a, V b);

    /// <summary>All bits set in the first <paramref name="count"/> lanes.</summary>
    static abstract V FirstLanes(int count);

    /// <summary>Bit by bit: <paramref name="a"/> where the mask is set, else <paramref name="b"/>.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>Elements of a and b in turn, from the lower half of each: a₀ b₀ a₁ b₁ …</summary>
    static abstract V InterleaveLower(V a, V b);

    /// <summary>Elements of a and b in turn, from the upper half of each.</summary>
    static abstract V InterleaveUpper(V a, V b);

    /// <summary>2ⁿ for integer-valued n within the exponent range of normal numbers.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>x·2ⁿ for integer-valued n, rounded once: right up to overflow and down to subnormal results. |n| ≤ 252 (double: 2044).</summary>
    static abstract V ScaleByPowerOfTwo(V x, V n);

    /// <summary>Splits positive normal x = m·2ᵉ with 1 ≤ m &lt; 2; returns m, and e as an integer-valued vector.</summary>
    static abstract V SplitExponent(V x, out V exponent);

    /// <summary>Sum of all elements, in one fixed order.</summary>
    static abstract T Sum(V a);

    /// <summary>Largest element; NaN where one is.</summary>
    static abstract T MaxElement(V a);
}

using System.Numerics;
using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>
/// The keys and values that one attention has computed so far, so that each step of incremental decoding computes those
/// of the new position alone. Its memory is ordinary, outlives a <see cref="Step"/>, and is outside the graph. Positions from
/// <see cref="Length"/> up to <see cref="Capacity"/> are free: <see cref="Mask"/> hides them, so that the cache fills without
/// moving what it holds.
/// </summary>
public sealed class KeyValueCache
{
    private const int SmallestCapacity = 16;

    private bool[] keep;

    private KeyValueCache(Tensor keysAndValues, int length, bool[] keep)
    {
        KeysAndValues = keysAndValues;
        Length = length;
        this.keep = keep;
    }

    /// <summary>[keys | values], [batch, Capacity, 2 modelSize].</summary>
    public Tensor KeysAndValues { get; private set; }

    /// <summary>Number of positions held.</summary>
    public int Length { get; private set; }

    /// <summary>Number of positions for which there is room.</summary>
    public int Capacity => KeysAndValues.Shape[1];

    /// <summary>True = may attend, [batch, 1, 1, Capacity]: positions that are held and are not padding.</summary>
    public Mask Mask => new(keep, [KeysAndValues.Shape[0], 1, 1, Capacity]);

    /// <summary>An empty cache, for self-attention: it grows with <see cref="Append"/>.</summary>
    public static KeyValueCache Empty(int batchSize, int modelSize, DType dtype) =>
        new(Tensor.Zeros([batchSize, SmallestCapacity, 2 * modelSize], dtype), 0, new bool[batchSize * SmallestCapacity]);

    /// <summary>A full cache, for cross-attention: the memory's keys and values, computed once.</summary>
    /// <param name="keysAndValues">[batch, sourceLength, 2 modelSize]; copied.</param>
    /// <param name="mask">False where the source is padding, [batch, 1, 1, sourceLength].</param>
    public static KeyValueCache Of(Tensor keysAndValues, Mask mask)
    {
        ArgumentNullException.ThrowIfNull(keysAndValues);
        ArgumentNullException.ThrowIfNull(mask);
        int batchSize = keysAndValues.Shape[0];
        int length = keysAndValues.Shape[1];
        return new(keysAndValues.Keep(), length, mask.BroadcastTo([batchSize, 1, 1, length]).Values.ToArray());
    }

    /// <summary>Adds the keys and values of positions that follow, for every row of the batch.</summary>
    /// <param name="keysAndValues">[batch, newPositions, 2 modelSize].</param>
    /// <param name="mask">False where a new position is padding, [batch, 1, 1, newPositions].</param>
    /// <exception cref="ArgumentException">Another batch or size.</exception>
    public void Append(Tensor keysAndValues, Mask mask)
    {
        ArgumentNullException.ThrowIfNull(keysAndValues);
        ArgumentNullException.ThrowIfNull(mask);
        Shape shape = KeysAndValues.Shape;
        if (keysAndValues.Rank != 3 || !keysAndValues.Shape.With(1, Capacity).Equals(shape))
            throw new ArgumentException($"KeyValueCache: [{shape[0]}, newPositions, {shape[2]}] can be appended, not {keysAndValues.Shape}.");
        int added = keysAndValues.Shape[1];
        if (Length + added > Capacity)
            Grow(Math.Max(Length + added, 2 * Capacity));
        CopyRows(keysAndValues, KeysAndValues, Length);
        CopyRows<bool>(mask.BroadcastTo([shape[0], 1, 1, added]).Values, keep, shape[0], Length);
        Length += added;
    }

    /// <summary>Keeps these rows of the batch, in this order; a row may come several times, as in beam search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void Select(Indices rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Shape shape = KeysAndValues.Shape;
        using NoGradient scope = new();
        KeysAndValues = KeysAndValues.Reshape(shape[0], shape[1] * shape[2]).Gather(rows).Keep()
            .Reshape(rows.Values.Length, shape[1], shape[2]);
        bool[] selected = new bool[rows.Values.Length * shape[1]];
        for (int i = 0; i < rows.Values.Length; i++)
            keep.AsSpan(rows.Values[i] * shape[1], shape[1]).CopyTo(selected.AsSpan(i * shape[1]));
        keep = selected;
    }

    // Doubling, so that a position is copied twice on average, however long the sequence gets.
    private void Grow(int capacity)
    {
        int batchSize = KeysAndValues.Shape[0];
        Tensor wider = Tensor.Zeros(KeysAndValues.Shape.With(1, capacity), KeysAndValues.DType);
        CopyRows(KeysAndValues, wider, 0);
        bool[] widerKeep = new bool[batchSize * capacity];
        CopyRows<bool>(keep, widerKeep, batchSize, 0);
        KeysAndValues = wider;
        keep = widerKeep;
    }

    // Both are [batch, positions, size]: the source's positions go to the target's from a start on.
    private static void CopyRows(Tensor from, Tensor to, int start)
    {
        RowCopy copy = new(from, to, start * to.Shape[2]);
        from.DType.Dispatch(ref copy);
    }

    // Both are [rowCount, any width].
    private static void CopyRows<T>(ReadOnlySpan<T> from, Span<T> to, int rowCount, int column)
    {
        int fromWidth = from.Length / Math.Max(1, rowCount);
        int toWidth = to.Length / Math.Max(1, rowCount);
        for (int row = 0; row < rowCount; row++)
            from.Slice(row * fromWidth, fromWidth).CopyTo(to[(row * toWidth + column)..]);
    }

    private readonly struct RowCopy(Tensor from, Tensor to, int column) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Tensor source = from;
            int start = column;
            to.Edit<T>(target => CopyRows(source.Values<T>(), target, source.Shape[0], start));
        }
    }
}

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
    private Mask? mask;
    private int[] allRows = [];

    // What the last selection moved away from: the next one moves there.
    private Tensor? spare;

    private KeyValueCache(Tensor keysAndValues, int length, bool[] keep)
    {
        KeysAndValues = keysAndValues;
        Length = length;
        this.keep = keep;
    }

    /// <summary>[keys | values], [batch, Capacity, 2 modelSize]; good until the cache changes, for its memory serves again.</summary>
    public Tensor KeysAndValues { get; private set; }

    /// <summary>Number of positions held.</summary>
    public int Length { get; private set; }

    /// <summary>Number of positions for which there is room.</summary>
    public int Capacity => KeysAndValues.Shape[1];

    /// <summary>True = may attend, [batch, 1, 1, Capacity]: positions that are held and are not padding.</summary>
    public Mask Mask => mask ??= new Mask(keep, [BatchSize, 1, 1, Capacity]);

    /// <summary>An empty cache, for self-attention: it grows with <see cref="Append"/>.</summary>
    /// <param name="batchSize">Rows of the batch.</param>
    /// <param name="modelSize">Size of a key, and of a value.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="expectedLength">For how many positions there is room at first, 16 at the least.</param>
    public static KeyValueCache Empty(int batchSize, int modelSize, DType dtype, int expectedLength = 0)
    {
        int capacity = Math.Max(SmallestCapacity, expectedLength);
        return new(Tensor.Zeros([batchSize, capacity, 2 * modelSize], dtype), 0, new bool[batchSize * capacity]);
    }

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
            MoveTo(AllRows, Math.Max(Length + added, 2 * Capacity)); // doubling: a position is copied about twice, however long it gets
        CopyRows(keysAndValues, added, AllRows, KeysAndValues, Length);
        CopyRows(mask.BroadcastTo([BatchSize, 1, 1, added]).Values, added, added, AllRows, keep, Capacity, Length);
        Length += added;
        this.mask = null;
    }

    /// <summary>Keeps these rows of the batch, in this order; a row may come several times, as in beam search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void Select(params ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if (row < 0 || row >= BatchSize)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"KeyValueCache: the rows are 0 to {BatchSize - 1}.");
        }

        // In greedy decoding nothing moves until a sentence is finished.
        if (!rows.SequenceEqual(AllRows))
            MoveTo(rows, Capacity);
    }

    private int BatchSize => KeysAndValues.Shape[0];

    private int[] AllRows => allRows.Length == BatchSize ? allRows : allRows = [.. Enumerable.Range(0, BatchSize)];

    // Other memory that holds these rows, with room for more positions or for as many.
    private void MoveTo(ReadOnlySpan<int> rows, int capacity)
    {
        Shape shape = [rows.Length, capacity, KeysAndValues.Shape[2]];
        Tensor moved = spare is not null && spare.Shape.Equals(shape) ? spare : Tensor.Zeros(shape, KeysAndValues.DType);
        bool[] movedKeep = new bool[rows.Length * capacity];
        CopyRows(KeysAndValues, Length, rows, moved, 0);
        CopyRows<bool>(keep, Capacity, Length, rows, movedKeep, capacity, 0);
        spare = shape.Equals(KeysAndValues.Shape) ? KeysAndValues : null;
        KeysAndValues = moved;
        keep = movedKeep;
        mask = null;
    }

    // Both are [batch, positions, size]; so many positions from the first on are copied.
    private static void CopyRows(Tensor from, int positions, ReadOnlySpan<int> rows, Tensor to, int position)
    {
        RowCopy copy = new(from, positions, rows, to, position);
        from.DType.Dispatch(ref copy);
    }

    // Row i of the target receives the beginning of row rows[i] of the source, from a column on.
    private static void CopyRows<T>(ReadOnlySpan<T> from, int fromWidth, int count, ReadOnlySpan<int> rows, Span<T> to, int toWidth, int column)
    {
        for (int i = 0; i < rows.Length; i++)
            from.Slice(rows[i] * fromWidth, count).CopyTo(to[(i * toWidth + column)..]);
    }

    private readonly ref struct RowCopy(Tensor from, int positions, ReadOnlySpan<int> rows, Tensor to, int position) : ITypedAction
    {
        private readonly ReadOnlySpan<int> rows = rows;

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int size = to.Shape[2];
            CopyRows(
                from.Values<T>(), from.Shape[1] * size, positions * size, rows, to.EditableValues<T>(), to.Shape[1] * size, position * size);
        }
    }
}

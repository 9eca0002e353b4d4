using System.Runtime.InteropServices;

namespace Transformer.Training.Data;

/// <summary>
/// Cuts a data set into batches, anew for each epoch. The order depends on the seed and the epoch alone, so that a run can
/// go on at any batch of any epoch.
/// </summary>
/// <param name="pairs">The data set.</param>
/// <param name="limit">The size of a batch.</param>
/// <param name="seed">The seed of the shuffles.</param>
/// <param name="bucketed">Whether sentences of similar length share a batch, which saves padding; else batches are cut from
/// the shuffled data as it comes.</param>
public sealed class Batcher(IReadOnlyList<EncodedPair> pairs, BatchLimit limit, ulong seed, bool bucketed = true)
{
    // Sorting a pool of so many batches brings similar lengths together, and shuffling before leaves chance who meets whom.
    internal const int BatchesInPool = 20;

    private readonly BatchLimit limit = limit.Largest > 0
        ? limit : throw new ArgumentException("a batch limit comes from BatchLimit.Sentences or BatchLimit.Tokens", nameof(limit));

    /// <summary>
    /// The batches of an epoch as positions in the data set: shuffled pairs, cut into pools of 20 batches, each pool sorted by
    /// (target length, source length) and cut, the batches shuffled. Each pair is in exactly one of them.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> Plan(int epoch)
    {
        var random = new SplitMix64(seed, (ulong)epoch);
        int[] order = [.. Enumerable.Range(0, pairs.Count)];
        random.Shuffle<int>(order);
        var batches = new List<IReadOnlyList<int>>();
        for (int start = 0; start < order.Length;)
        {
            int end = PoolEnd(order, start);
            batches.AddRange(Cut(bucketed ? SortedByLength(order[start..end]) : order[start..end]));
            start = end;
        }
        random.Shuffle(CollectionsMarshal.AsSpan(batches));
        return batches;
    }

    /// <summary>The batches of an epoch from a given one on.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="firstBatch">How many batches of <see cref="Plan"/> are left out: those that were trained on before.</param>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Batches(Plan(epoch), firstBatch);
    }

    /// <summary>The batches of a plan from a given one on, each made when it is asked for.</summary>
    internal IEnumerable<Batch> Batches(IReadOnlyList<IReadOnlyList<int>> plan, int firstBatch) =>
        plan.Skip(firstBatch).Select(rows => new Batch(pairs, rows));

    /// <summary>
    /// All pairs in batches of similar length, not shuffled: for validation, and for translating, where <see cref="Batch.Rows"/>
    /// tells which sentence is which.
    /// </summary>
    public IEnumerable<Batch> ByLength() =>
        Cut(SortedByLength([.. Enumerable.Range(0, pairs.Count)])).Select(rows => new Batch(pairs, rows));

    private int PoolEnd(int[] order, int start)
    {
        // Without buckets the whole epoch is one pool that is not sorted.
        if (!bucketed) return order.Length;
        long room = (long)BatchesInPool * limit.Largest;
        int end = start;
        for (; end < order.Length && room > 0; end++) room -= limit.CountsTokens ? Longest(order[end]) : 1;
        return end;
    }

    // OrderBy is stable: pairs of equal lengths stay in their shuffled order.
    private int[] SortedByLength(int[] rows) =>
        [.. rows.OrderBy(row => pairs[row].Target.Length).ThenBy(row => pairs[row].Source.Length)];

    private IEnumerable<int[]> Cut(int[] rows)
    {
        int start = 0, longest = 0;
        for (int end = 0; end < rows.Length; end++)
        {
            longest = Math.Max(longest, Longest(rows[end]));
            if (end == start || limit.Allows(end + 1 - start, longest)) continue;
            yield return rows[start..end];
            (start, longest) = (end, Longest(rows[end]));
        }
        if (start < rows.Length) yield return rows[start..];
    }

    private int Longest(int row) => Math.Max(pairs[row].Source.Length, pairs[row].Target.Length);
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>A point in time of an <see cref="Arena"/>.</summary>
internal readonly record struct ArenaMark(int Rented, int Singles);

/// <summary>
/// The memory of one thread's steps, which fits any mix of sizes: large arrays (slabs) that are cut into blocks as they are asked
/// for, where a block that comes back joins its free neighbours. Free blocks are kept by size class, eight to each doubling, so that
/// renting and returning take the same short time however many there are ("two-level segregated fit", Masmano et al. 2004).
/// Blocks begin at multiples of 64 bytes. A step that found no room leaves room for a larger one behind it: batches differ, and so the
/// memory that training needs is there after the first of them.
/// </summary>
internal sealed class Arena
{
    private const int SmallestSlab = 4 * 1024;
    private const int LargestSlab = 512 * 1024;
    private const int LogClasses = 3;
    private const int Classes = (32 - LogClasses + 1) << LogClasses;

    // How many blocks of the class in which a fitting one may be, but need not be, are looked at.
    private const int Looks = 8;
    private const int SinglesAtATime = 64;

    private static readonly Lock Gate = new();
    private static readonly Stack<Arena> Idle = [];

    private readonly Block?[] free = new Block?[Classes];
    private readonly ulong[] occupied = new ulong[(Classes + 63) / 64];
    private readonly List<(Block Block, int Lease)> rented = [];

    // Given out in turn.
    private readonly List<ScalarStorage> singles = [];
    private int usedSingles;
    private Block? spare;

    // Lines in rented blocks: now, and at most until now.
    private long used;
    private long mostUsed;
    private bool hasGrown;

    /// <summary>Lines in all slabs.</summary>
    public long Capacity { get; private set; }

    /// <summary>What was rented until now, for <see cref="ReturnAfter"/>.</summary>
    public ArenaMark Mark => new(rented.Count, usedSingles);

    /// <summary>One that no step uses.</summary>
    public static Arena Take()
    {
        lock (Gate)
            return Idle.TryPop(out Arena? arena) ? arena : new Arena();
    }

    /// <summary>Leaves it to other steps.</summary>
    public static void Leave(Arena arena)
    {
        arena.Reserve();
        lock (Gate)
            Idle.Push(arena);
    }

    /// <summary>At least so many bytes, with arbitrary contents.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RentedStorage Rent(long bytes) => bytes <= ScalarStorage.ByteSize ? RentSingle() : RentBlock(bytes);

    /// <summary>Takes a block back; every tensor on it is disposed from here on.</summary>
    public void Return(Block block)
    {
        block.EndLease();
        used -= block.Count;
        if (block.After is { IsFree: true } after)
        {
            Unlink(after);
            block.TakeInAfter();
            KeepSpare(after);
        }

        if (block.Before is { IsFree: true } before)
        {
            Unlink(before);
            before.TakeInAfter();
            KeepSpare(block);
            block = before;
        }

        Link(block);
    }

    /// <summary>Takes back what is left of the blocks that were rented after this mark.</summary>
    public void ReturnAfter(ArenaMark mark)
    {
        for (int i = rented.Count - 1; i >= mark.Rented; i--)
        {
            (Block block, int lease) = rented[i];
            if (block.Lease == lease)
                Return(block);
        }

        rented.RemoveRange(mark.Rented, rented.Count - mark.Rented);
        while (usedSingles > mark.Singles)
            singles[--usedSingles].EndLease();
    }

    /// <summary>The class of a free block: 1, 2, … 8, 9, … 15, 16–17, 18–19, … lines.</summary>
    internal static int ClassOf(int count)
    {
        int shift = Math.Max(BitOperations.Log2((uint)count) - LogClasses, 0);
        return (shift << LogClasses) + (count >> shift);
    }

    private Block RentBlock(long bytes)
    {
        Block block = Take((int)((bytes + Line.ByteSize - 1) / Line.ByteSize));
        rented.Add((block, block.Lease));
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ScalarStorage RentSingle()
    {
        if (usedSingles == singles.Count)
            MakeSingles();
        return singles[usedSingles++];
    }

    private void MakeSingles()
    {
        Block block = Take(SinglesAtATime * ScalarStorage.ByteSize / Line.ByteSize);
        for (int i = 0; i < SinglesAtATime; i++)
            singles.Add(new ScalarStorage(block, i));
    }

    private Block Take(int count)
    {
        Block block = Find(count) ?? NewSlab(count);
        Unlink(block);
        if (block.Count > count)
        {
            Block rest = TakeSpare();
            block.CutInto(rest, count);
            Link(rest);
        }

        used += count;
        mostUsed = Math.Max(mostUsed, used);
        return block;
    }

    // The smallest class with a block that is long enough, for all longer classes hold only such.
    private Block? Find(int count)
    {
        int own = ClassOf(count);
        Block? block = free[own];
        for (int look = 0; block is not null && look < Looks; look++)
        {
            if (block.Count >= count)
                return block;
            block = block.NextFree;
        }

        int word = (own + 1) / 64;
        ulong bits = occupied[word] & (ulong.MaxValue << ((own + 1) % 64));
        while (bits == 0)
        {
            if (++word == occupied.Length)
                return null;
            bits = occupied[word];
        }

        return free[(word * 64) + BitOperations.TrailingZeroCount(bits)];
    }

    // As large as all before it, within bounds, so that there are few.
    private Block NewSlab(int count)
    {
        long lines = Math.Clamp(Capacity, SmallestSlab, LargestSlab);
        hasGrown = true;
        return AddSlab(count > lines ? count + ((long)count / 4) : lines);
    }

    // Half as much again as was ever used. Memory that nobody touches costs nothing.
    private void Reserve()
    {
        if (hasGrown && mostUsed + (mostUsed / 2) - Capacity is > 0 and long missing)
            AddSlab(Math.Max(missing, SmallestSlab));
        hasGrown = false;
    }

    private Block AddSlab(long most)
    {
        int lines = (int)Math.Min(most, Array.MaxLength - 1);
        Block block = TakeSpare();
        block.Cover(new Slab(lines), 0, lines);
        block.Before = null;
        block.After = null;
        Capacity += lines;
        Link(block);
        return block;
    }

    private void Link(Block block)
    {
        int own = ClassOf(block.Count);
        Block? next = free[own];
        block.IsFree = true;
        block.PreviousFree = null;
        block.NextFree = next;
        if (next is not null)
            next.PreviousFree = block;
        free[own] = block;
        occupied[own / 64] |= 1UL << (own % 64);
    }

    private void Unlink(Block block)
    {
        Block? previous = block.PreviousFree;
        Block? next = block.NextFree;
        block.IsFree = false;
        if (next is not null)
            next.PreviousFree = previous;
        if (previous is not null)
        {
            previous.NextFree = next;
            return;
        }

        int own = ClassOf(block.Count);
        free[own] = next;
        if (next is null)
            occupied[own / 64] &= ~(1UL << (own % 64));
    }

    private Block TakeSpare()
    {
        Block block = spare ?? new Block(this);
        spare = block.NextFree;
        return block;
    }

    private void KeepSpare(Block block)
    {
        block.NextFree = spare;
        spare = block;
    }
}

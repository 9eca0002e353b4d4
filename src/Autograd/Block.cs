using System.Runtime.InteropServices;

namespace Transformer.Autograd;

/// <summary>64 bytes, a cache line: the unit of an <see cref="Arena"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = ByteSize)]
internal struct Line
{
    public const int ByteSize = 64;
}

/// <summary>A large array of lines that does not move. The first one begins at a multiple of 64 bytes.</summary>
internal sealed class Slab
{
    public Slab(int count)
        : this(GC.AllocateUninitializedArray<Line>(count + 1, pinned: true))
    {
    }

    // One line more than is given out.
    private Slab(Line[] lines)
    {
        Lines = lines;
        Start = -Marshal.UnsafeAddrOfPinnedArrayElement(Lines, 0) & (Line.ByteSize - 1);
    }

    /// <summary>One of zeros.</summary>
    public static Slab Cleared(int count) => new(GC.AllocateArray<Line>(count + 1, pinned: true));

    public Line[] Lines { get; }

    /// <summary>Bytes before the first line that is given out.</summary>
    public nint Start { get; }
}

/// <summary>
/// A run of lines in an <see cref="Arena"/>: rented to a tensor, or free and in the list of its size class. The object serves
/// for other lines, too.
/// </summary>
internal sealed class Block(Arena arena) : RentedStorage
{
    private Slab? slab;

    public bool IsFree { get; set; }

    /// <summary>Number of lines.</summary>
    public int Count { get; private set; }

    /// <summary>Number of lines between the slab's first one and this block.</summary>
    public int First { get; private set; }

    /// <summary>The neighbours within the slab.</summary>
    public Block? Before { get; set; }

    /// <inheritdoc cref="Before"/>
    public Block? After { get; set; }

    /// <summary>The neighbours in the list of free blocks of one size class.</summary>
    public Block? PreviousFree { get; set; }

    /// <inheritdoc cref="PreviousFree"/>
    public Block? NextFree { get; set; }

    public override void Return() => arena.Return(this);

    /// <summary>Becomes the block of these lines.</summary>
    public void Cover(Slab lines, int first, int count)
    {
        slab = lines;
        First = first;
        Resize(count);
    }

    /// <summary>Makes the place for a number that of this index within the block.</summary>
    public void Lend(ScalarStorage scalar, int index) =>
        scalar.Cover(slab!.Lines, slab.Start + ((nint)First * Line.ByteSize) + (index * ScalarStorage.ByteSize));

    /// <summary>Keeps its first line and ends elsewhere.</summary>
    public void Resize(int count)
    {
        Count = count;
        Place(slab!.Lines, slab.Start + ((nint)First * Line.ByteSize), (long)count * Line.ByteSize);
    }

    /// <summary>Makes a block of its own of the lines from the given one on.</summary>
    public void CutInto(Block rest, int count)
    {
        rest.Cover(slab!, First + count, Count - count);
        rest.Before = this;
        rest.After = After;
        if (After is not null)
            After.Before = rest;
        After = rest;
        Resize(count);
    }

    /// <summary>Takes in the lines of the block behind it.</summary>
    public void TakeInAfter()
    {
        Block after = After!;
        After = after.After;
        if (After is not null)
            After.Before = this;
        Resize(Count + after.Count);
    }
}

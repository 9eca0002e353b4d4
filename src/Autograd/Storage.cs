using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Transformer.Autograd;

/// <summary>
/// The memory behind one or more tensors: an ordinary array, or one that a <see cref="Step"/> rents.
/// Counts edits, so that a backward pass notices values that changed since the forward pass.
/// </summary>
internal class Storage
{
    // Of smaller ones the line to spare would be much, and pinning them would keep the heap from being compacted.
    private const int FewestAlignedBytes = 128 * 1024;

    private Array array;
    private nint start;
    private long bytes;

    protected Storage(Array array, nint start, long bytes)
    {
        this.array = array;
        this.start = start;
        this.bytes = bytes;
    }

    /// <summary>How often the values were written after their operation had computed them, and the memory was rented.</summary>
    public int Version { get; private set; }

    /// <summary>How often the memory was given back. A tensor that was made under another number has lost it.</summary>
    public int Lease { get; protected set; }

    /// <summary>True for the gradient of a leaf, which the next backward pass may write to again.</summary>
    public bool IsLeafGradient { get; set; }

    /// <summary>True for memory that ends with its step.</summary>
    public virtual bool IsRented => false;

    /// <summary>Stands for this memory until it is given back.</summary>
    public virtual object Identity => this;

    /// <summary>Ordinary memory, all 0. Where it is large it begins at a multiple of 64 bytes, as that of steps does.</summary>
    public static Storage Allocate(DType dtype, int count)
    {
        long bytes = (long)count * dtype.ByteSize();
        if (bytes >= FewestAlignedBytes)
        {
            Slab slab = Slab.Cleared((int)((bytes + Line.ByteSize - 1) / Line.ByteSize));
            return new Storage(slab.Lines, slab.Start, bytes);
        }

        return dtype == DType.Float32 ? Wrap(new float[count]) : Wrap(new double[count]);
    }

    /// <summary>Takes the array as it is, without a copy.</summary>
    public static Storage Wrap<T>(T[] values)
        where T : unmanaged => new(values, 0, (long)values.Length * Unsafe.SizeOf<T>());

    public void MarkEdited() => Version++;

    /// <summary>Gives rented memory back, which disposes every tensor on it; ordinary memory stays as it is.</summary>
    public virtual void Return()
    {
    }

    /// <summary>The elements from <paramref name="offset"/> on, whatever type was written there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Span<T>(int offset, int count)
        where T : unmanaged
    {
        if (((ulong)(uint)offset + (uint)count) * (uint)Unsafe.SizeOf<T>() > (ulong)bytes)
            throw OutOfRange(offset, count);
        // Elements begin at the same place in every array of one axis: no need to ask this one's type.
        ref byte first = ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(Unsafe.As<byte[]>(array)), start);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref Unsafe.As<byte, T>(ref first), offset), count);
    }

    /// <summary>Moves to another part of an array, or to another array.</summary>
    protected void Place(Array array, nint start, long bytes)
    {
        this.array = array;
        this.start = start;
        this.bytes = bytes;
    }

    private ArgumentOutOfRangeException OutOfRange(int offset, int count) =>
        new(nameof(count), $"Storage: {count} elements from {offset} do not lie within {bytes} bytes.");
}

using System.Buffers;
using System.Runtime.InteropServices;

namespace Transformer.Training.Checkpoints;

/// <summary>Numbers in memory seen as bytes, without a copy: saving a model must not take the model's memory a second time.</summary>
internal sealed class ByteMemory<T>(ReadOnlyMemory<T> values) : MemoryManager<byte>
    where T : unmanaged
{
    /// <summary>Handed out as <see cref="ReadOnlyMemory{T}"/> only, so nobody writes through it.</summary>
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(MemoryMarshal.AsMemory(values).Span);

    public override MemoryHandle Pin(int elementIndex = 0) =>
        throw new NotSupportedException("the bytes of a checkpoint are read through spans");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}

using System.Buffers;
using System.Runtime.InteropServices;

namespace Transformer.Autograd.Debugging;

/// <summary>A tensor's memory as bytes, so that a large recording is written without a second copy of it.</summary>
internal sealed class TensorBytes(Tensor tensor) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => tensor.DType == DType.Float32
        ? MemoryMarshal.AsBytes(tensor.WritableValues<float>())
        : MemoryMarshal.AsBytes(tensor.WritableValues<double>());

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("A tensor's bytes are read as a span.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}

namespace Transformer.Autograd;

/// <summary>Pooled memory for the duration of one method, with arbitrary contents: <c>using Scratch&lt;T> s = new(n);</c>.</summary>
internal readonly ref struct Scratch<T>
    where T : unmanaged
{
    private readonly T[] array;
    private readonly int count;

    public Scratch(int count)
    {
        this.count = count;
        array = (T[])BufferPool.Rent(DTypes.Of<T>(), count);
    }

    public Span<T> Span => array.AsSpan(0, count);

    public void Dispose() => BufferPool.Return(DTypes.Of<T>(), array);
}

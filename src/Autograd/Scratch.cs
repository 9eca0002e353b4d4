namespace Transformer.Autograd;

/// <summary>The step's memory for the duration of one method, with arbitrary contents: <c>using Scratch&lt;T> s = new(n);</c>.</summary>
internal readonly ref struct Scratch<T>
    where T : unmanaged
{
    private readonly Storage storage;
    private readonly int count;

    public Scratch(int count)
    {
        this.count = count;
        storage = Step.NewStorage(DTypes.Of<T>(), count);
    }

    public Span<T> Span => storage.Span<T>(0, count);

    public void Dispose()
    {
        if (storage is Block block)
            block.Arena.Return(block);
    }
}

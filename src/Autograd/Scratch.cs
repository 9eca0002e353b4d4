namespace Transformer.Autograd;

/// <summary>
/// The step's memory for the duration of one method, with arbitrary contents: <c>using Scratch&lt;T> s = new(n);</c>. The default is none.
/// </summary>
internal readonly ref struct Scratch<T>
    where T : unmanaged
{
    private readonly Storage? storage;

    public Scratch(int count)
    {
        storage = Step.NewStorage(DTypes.Of<T>(), count);
        Span = storage.Span<T>(0, count);
    }

    public bool IsNone => storage is null;

    public Span<T> Span { get; }

    public void Dispose() => storage?.Return();
}

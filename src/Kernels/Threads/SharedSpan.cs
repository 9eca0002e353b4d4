namespace Transformer.Kernels;

/// <summary>
/// A span that a struct can hold as a field, so that the chunks of a parallel loop can reach it from other threads.
/// It is only an address and a length: whoever makes one keeps the memory pinned for as long as it is used.
/// <code>
/// fixed (T* x = input, y = output)
///     Workers.Run(chunks, new Body(new(x, input.Length), new(y, output.Length)));
/// </code>
/// </summary>
internal readonly unsafe struct SharedSpan<T>(T* start, int length)
    where T : unmanaged
{
    /// <summary>The elements, checked against the length as in any span.</summary>
    public Span<T> Span => new(start, length);

    /// <summary>The first element, for loops whose rows are so short that checking each piece of them would take as long as the work.</summary>
    public T* Start => start;

    public int Length => length;

    public bool IsEmpty => length == 0;
}

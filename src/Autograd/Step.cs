namespace Transformer.Autograd;

/// <summary>
/// One training step's worth of memory: while a step is current, every tensor that an operation makes takes its memory
/// from a pool, and disposing the step returns all of it and takes the step's operations off the tape. Parameters,
/// their gradients and what <see cref="Tensor.Keep"/> copied live on. Steps belong to one thread and may be nested.
/// <code>
/// using var step = new Step();
/// Tensor loss = model.Loss(batch);
/// loss.Backward();
/// optimizer.Step();
/// </code>
/// Outside any step, tensors are ordinary garbage-collected objects.
/// </summary>
public sealed class Step : IDisposable
{
    [ThreadStatic]
    private static Step? current;

    private readonly List<Storage> rented = [];
    private readonly Step? outer;
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private readonly Tape tape = Tape.Current;
    private readonly long firstSequence;
    private bool disposed;

    /// <summary>Begins a step on this thread.</summary>
    public Step()
    {
        outer = current;
        firstSequence = tape.NextSequence;
        current = this;
    }

    /// <summary>The innermost step of this thread, or null.</summary>
    public static Step? Current => current;

    /// <summary>Returns the step's memory; using one of its tensors afterwards is an <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="InvalidOperationException">An inner step is still open, or another thread began this step.</exception>
    public void Dispose()
    {
        if (disposed)
            return;
        if (Environment.CurrentManagedThreadId != threadId)
            throw new InvalidOperationException("Step: a step ends on the thread that began it.");
        if (current != this)
            throw new InvalidOperationException("Step: end the inner step before the outer one.");
        disposed = true;
        current = outer;
        tape.Remove(this, firstSequence);
        foreach (Storage storage in rented)
            storage.Release();
        rented.Clear();
    }

    /// <summary>Makes another step this thread's innermost, or none.</summary>
    /// <returns>The one before.</returns>
    internal static Step? Exchange(Step? next)
    {
        Step? before = current;
        current = next;
        return before;
    }

    /// <summary>Memory with arbitrary contents: the step's where there is one, else ordinary.</summary>
    internal static Storage NewStorage(DType dtype, int count)
    {
        if (current is not { } step)
            return Storage.Allocate(dtype, count);
        Storage storage = Storage.Rent(dtype, count);
        step.rented.Add(storage);
        return storage;
    }
}

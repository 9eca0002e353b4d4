using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>
/// One training step's worth of memory: while a step is current, every tensor that an operation makes takes its memory
/// from an arena, and disposing the step returns all of it and takes the step's operations off the tape. Parameters,
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
    private readonly ThreadContext context = ThreadContext.Current;
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private readonly Step? outer;
    private readonly Arena arena;
    private readonly ArenaMark before;
    private readonly long firstSequence;
    private bool disposed;

    /// <summary>Begins a step on this thread.</summary>
    public Step()
    {
        Tape = context.Tape;
        firstSequence = Tape.NextSequence;
        outer = context.Step;
        arena = outer?.arena ?? Arena.Take();
        before = arena.Mark;
        context.Step = this;
    }

    /// <summary>The innermost step of this thread, or null.</summary>
    public static Step? Current => ThreadContext.Current.Step;

    /// <summary>What is under way on its thread.</summary>
    internal ThreadContext Context => context;

    /// <summary>The tape of its thread, which lives as long as the step.</summary>
    internal Tape Tape { get; }

    /// <summary>Returns the step's memory; using one of its tensors afterwards is an <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="InvalidOperationException">An inner step is still open, or another thread began this step.</exception>
    public void Dispose()
    {
        if (disposed)
            return;
        if (Environment.CurrentManagedThreadId != threadId)
            throw new InvalidOperationException("Step: a step ends on the thread that began it.");
        if (context.Step != this)
            throw new InvalidOperationException("Step: end the inner step before the outer one.");
        disposed = true;
        context.Step = outer;
        Tape.Remove(this, firstSequence);
        arena.ReturnAfter(before);
        if (outer is null)
            Arena.Leave(arena);
    }

    /// <summary>Memory with arbitrary contents: the current step's where there is one, else ordinary.</summary>
    internal static Storage NewStorage(DType dtype, int count) => NewStorage(Current, dtype, count);

    /// <summary>Memory with arbitrary contents: the step's where there is one, else ordinary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Storage NewStorage(Step? step, DType dtype, int count) =>
        step is null ? Storage.Allocate(dtype, count) : step.arena.Rent((long)count * dtype.ByteSize());
}

using System.Diagnostics;

namespace Transformer.Autograd;

/// <summary>
/// The operations of one thread in order of execution. Each operation reads only what earlier ones made, so walking
/// the list backwards meets every operation after all users of its output: a topological order for free.
/// A backward pass takes the operations that it went through off the tape; the end of a <see cref="Step"/> takes off
/// the rest of that step. Outside any step the tape lives as long as a tensor that it made.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(Debugging.TapeView))]
public sealed class Tape
{
    private readonly List<Operation> operations = [];
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private long added;

    internal Tape()
    {
    }

    /// <summary>This thread's tape.</summary>
    public static Tape Current => ThreadContext.Current.Tape;

    /// <summary>The recorded operations, first executed first.</summary>
    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>Number of operations and, during a backward pass, where it is: <c>backward: operation 12 of 40 (Softmax)</c>.</summary>
    public override string ToString() =>
        $"Tape of {operations.Count} operations{(BackwardPlace is { } place ? $", {place}" : string.Empty)}";

    /// <summary>This thread's tape where it has one, for those who only look.</summary>
    internal static Tape? CurrentIfAny => ThreadContext.Current.TapeIfAny;

    /// <summary>The operation that a backward pass under way is at: its Backward is running, or was the last to run; else null.</summary>
    internal Operation? Walked { get; set; }

    /// <summary>Which operation of how many a backward pass is at; null outside of one.</summary>
    internal string? BackwardPlace =>
        Walked is { Position: >= 0 } operation ? $"backward: operation {operation.Position + 1} of {operations.Count} ({operation.Kind})" : null;

    /// <summary>How often operations were taken off: what remains has other positions since.</summary>
    internal int Removals { get; private set; }

    /// <summary>Sequence number of the next operation.</summary>
    internal long NextSequence => added;

    internal Operation this[int position] => operations[position];

    internal void Add(Operation operation)
    {
        foreach (Tensor input in operation.InputSpan)
        {
            if (input.Producer is { Tape: { } other } && !ReferenceEquals(other, this))
            {
                throw new InvalidOperationException(
                    $"{operation.Kind}: input {input.Shape} was computed on thread {other.threadId}, this is thread {threadId}. "
                    + "A graph belongs to one thread; hand tensors over with Detach().");
            }
        }

        operation.Tape = this;
        operation.Position = operations.Count;
        operation.Sequence = added++;
        operations.Add(operation);
    }

    /// <summary>Position of the last operation that was executed before the one with this sequence number; −1 for none.</summary>
    internal int LastBefore(long sequence)
    {
        int low = 0;
        int high = operations.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (operations[middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>The operations that read a tensor, first executed first.</summary>
    internal IReadOnlyList<Operation> ReadersOf(Tensor tensor) => operations.FindAll(operation => operation.InputSpan.Contains(tensor));

    /// <summary>Takes off the operations from this sequence number on that a backward pass went through.</summary>
    internal void RemoveSpent(long from) => Remove(from, null);

    /// <summary>Takes off the operations of a step that ends, which began at this sequence number.</summary>
    internal void Remove(Step step, long from) => Remove(from, step);

    private void Remove(long from, Step? step)
    {
        // What lies before stays where it is: an old graph on the tape costs a new one nothing.
        int first = LastBefore(from) + 1;
        int kept = first;
        for (int i = first; i < operations.Count; i++)
        {
            Operation operation = operations[i];
            if (step is null ? operation.IsSpent : operation.Step == step)
            {
                // It must not keep the tape, and so all that is recorded later, alive.
                operation.Tape = null;
                operation.Position = -1;
                operation.IsSpent = true;
                operation.StepHasEnded = step is not null;
                continue;
            }

            operation.Position = kept;
            operations[kept++] = operation;
        }

        if (kept == operations.Count)
            return;
        Removals++;
        operations.RemoveRange(kept, operations.Count - kept);
    }
}

using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;

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
    // Wrapped, because writing to an array of a class that has derived ones costs a test of the element's type.
    private readonly List<Entry> entries = [];
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private long added;
    private long walked = -1;

    internal Tape() => Operations = new OperationList(entries);

    /// <summary>This thread's tape.</summary>
    public static Tape Current => ThreadContext.Current.Tape;

    /// <summary>The recorded operations, first executed first.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Number of operations and, during a backward pass, where it is: <c>backward: operation 12 of 40 (Softmax)</c>.</summary>
    public override string ToString() =>
        $"Tape of {entries.Count} operations{(BackwardPlace is { } place ? $", {place}" : string.Empty)}";

    /// <summary>This thread's tape where it has one, for those who only look.</summary>
    internal static Tape? CurrentIfAny => ThreadContext.Current.TapeIfAny;

    /// <summary>The operation that a backward pass under way is at: its Backward is running, or was the last to run; else null.</summary>
    internal Operation? Walked => LastBefore(walked + 1) is >= 0 and int position && this[position].Sequence == walked ? this[position] : null;

    /// <summary>Which operation of how many a backward pass is at; null outside of one.</summary>
    internal string? BackwardPlace =>
        Walked is { } operation ? $"backward: operation {operation.Position + 1} of {entries.Count} ({operation.Kind})" : null;

    /// <summary>How often operations were taken off: what remains has other positions since.</summary>
    internal int Removals { get; private set; }

    /// <summary>Sequence number of the next operation.</summary>
    internal long NextSequence => added;

    internal Operation this[int position] => entries[position].Operation;

    /// <summary>Notes where a backward pass is.</summary>
    internal void IsAt(Operation operation) => walked = operation.Sequence;

    /// <summary>Notes that no backward pass is under way.</summary>
    internal void IsAtNone() => walked = -1;

    /// <summary>Appends an operation that was executed in this step, or outside any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Operation operation, Step? step)
    {
        foreach (Tensor input in operation.InputSpan)
        {
            if (input.Producer is { } producer && !producer.IsIn(step))
                CheckThread(operation, input, producer);
        }

        operation.Place(this, step, added++);
        entries.Add(new Entry(operation));
    }

    /// <summary>Position of the last operation that was executed before the one with this sequence number; −1 for none.</summary>
    internal int LastBefore(long sequence)
    {
        int low = 0;
        int high = entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (this[middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    /// <summary>Position of an operation; −1 where it is not on the tape.</summary>
    internal int PositionOf(Operation operation) =>
        LastBefore(operation.Sequence + 1) is >= 0 and int position && ReferenceEquals(this[position], operation) ? position : -1;

    /// <summary>The operations that read a tensor, first executed first.</summary>
    internal IReadOnlyList<Operation> ReadersOf(Tensor tensor) => [.. Operations.Where(operation => operation.InputSpan.Contains(tensor))];

    /// <summary>Takes off the operations from this sequence number on that a backward pass went through.</summary>
    internal void RemoveSpent(long from) => Remove(from, null);

    /// <summary>Takes off the operations of a step that ends, which began at this sequence number.</summary>
    internal void Remove(Step step, long from) => Remove(from, step);

    private void Remove(long from, Step? step)
    {
        // What lies before stays where it is: an old graph on the tape costs a new one nothing.
        int first = LastBefore(from) + 1;
        int kept = first;
        for (int i = first; i < entries.Count; i++)
        {
            Operation operation = this[i];
            if (step is null ? operation.IsSpent : operation.Step == step)
            {
                // It must not keep the tape, and so all that is recorded later, alive.
                operation.LeaveTape(stepHasEnded: step is not null);
                continue;
            }

            entries[kept++] = entries[i];
        }

        if (kept == entries.Count)
            return;
        Removals++;
        entries.RemoveRange(kept, entries.Count - kept);
    }

    private void CheckThread(Operation operation, Tensor input, Operation producer)
    {
        if (producer.Tape is { } other && !ReferenceEquals(other, this))
        {
            throw new InvalidOperationException(
                $"{operation.Kind}: input {input.Shape} was computed on thread {other.threadId}, this is thread {threadId}. "
                + "A graph belongs to one thread; hand tensors over with Detach().");
        }
    }

    private readonly record struct Entry(Operation Operation);

    private sealed class OperationList(List<Entry> entries) : IReadOnlyList<Operation>
    {
        public int Count => entries.Count;

        public Operation this[int index] => entries[index].Operation;

        public IEnumerator<Operation> GetEnumerator()
        {
            foreach (Entry entry in entries)
                yield return entry.Operation;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

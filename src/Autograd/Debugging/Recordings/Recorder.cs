using System.Globalization;
using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// While a recorder is open, every operation of its thread is written down, forwards and backwards, with copies of the
/// numbers:
/// <code>
/// using Recorder recorder = new();
/// Tensor loss = model.Loss(batch);
/// loss.Backward();
/// Recording recording = recorder.ToRecording();
/// </code>
/// The numbers that the program computes are the same bits with and without it.
/// </summary>
public sealed partial class Recorder : IDisposable
{
    [ThreadStatic]
    private static Recorder? active;

    // Recorders open on any thread: as long as there is none, an operation pays for one comparison.
    private static int open;

    private readonly List<RecordedTensor> tensors = [];
    private readonly List<RecordedOperation> operations = [];
    private readonly List<TimelineEvent> timeline = [];
    private readonly Dictionary<string, string> facts = [];
    private readonly Dictionary<string, IReadOnlyList<IReadOnlyList<string>>> words = [];
    private readonly Dictionary<Operation, RecordedOperation> recorded = [];
    private readonly Stack<(string Path, string Kind)> modules = [];
    private readonly SourceLines? source;
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private bool disposed;

    /// <summary>Begins to record this thread's operations.</summary>
    /// <exception cref="InvalidOperationException">A recorder is open on this thread already.</exception>
    public Recorder(RecordingOptions? options = null)
    {
        if (active is not null)
            throw new InvalidOperationException("Recorder: one is open on this thread already; end it first.");
        options ??= new RecordingOptions();
        copies = new ValueCopies(options);
        source = options.SourceLines ? new SourceLines() : null;
        facts["vectorBits"] = Execution.VectorBits.ToString(CultureInfo.InvariantCulture);
        active = this;
        Interlocked.Increment(ref open);
    }

    /// <summary>This thread's open recorder, or null.</summary>
    public static Recorder? Active => open == 0 ? null : active;

    /// <summary>The number under which an operation is recorded, from 1; null where it is not.</summary>
    public int? NumberOf(Operation operation) => recorded.TryGetValue(operation, out RecordedOperation? entry) ? entry.Number : null;

    /// <summary>Adds a short text that goes with the recording.</summary>
    public void AddFact(string name, string text) => facts[name] = text;

    /// <summary>Adds the words behind a token axis, for each sentence of the batch: <c>source</c>, <c>target</c>.</summary>
    public void AddWords(string axis, IReadOnlyList<IReadOnlyList<string>> sentences) => words[axis] = sentences;

    /// <summary>Operations until the scope's end belong to this module.</summary>
    public ModuleScope EnterModule(string path, string kind)
    {
        modules.Push((path, kind));
        return new ModuleScope(this);
    }

    /// <summary>
    /// What was recorded so far. Take it when all is recorded: while the recorder goes on, tensors may still get a name, or the gradient that a
    /// leaf had before.
    /// </summary>
    public Recording ToRecording()
    {
        TakeNames();
        return new Recording(
            [.. tensors], [.. operations], [.. timeline], new Dictionary<string, string>(facts),
            new Dictionary<string, IReadOnlyList<IReadOnlyList<string>>>(words));
    }

    /// <summary>Ends the recording.</summary>
    /// <exception cref="InvalidOperationException">Another thread began it.</exception>
    public void Dispose()
    {
        if (disposed)
            return;
        if (Environment.CurrentManagedThreadId != threadId)
            throw new InvalidOperationException("Recorder: it ends on the thread that began it.");
        disposed = true;
        active = null;
        Interlocked.Decrement(ref open);
    }

    /// <summary>Sets this thread's recorder aside, for a replay; give it back with <see cref="Resume"/>.</summary>
    internal static Recorder? Suspend()
    {
        Recorder? suspended = active;
        active = null;
        return suspended;
    }

    internal static void Resume(Recorder? suspended) => active = suspended;

    internal void LeaveModule() => modules.Pop();

    internal void AfterForward(Operation operation)
    {
        RecordedTensor[] inputs = [.. operation.Inputs.Select(Find)];
        (string path, string kind) = modules.TryPeek(out (string, string) module) ? module : (string.Empty, string.Empty);
        bool isOnTape = operation.Output.Producer is not null;
        RecordedTensor output = Add(operation.Output, isLeaf: false);
        (SourceFrame? user, SourceFrame? layer) = source?.Find() ?? default;
        RecordedOperation entry = new(operations.Count + 1, operation.Kind, inputs, output, operation.Attributes)
        {
            Saved = SavedBy(operation, copies.Of),
            Module = path,
            ModuleKind = kind,
            UserLine = user,
            LayerLine = layer,
            IsOnTape = isOnTape,
        };
        output.Producer = entry;
        operations.Add(entry);
        recorded[operation] = entry;
        timeline.Add(new TimelineEvent(timeline.Count + 1, TimelineEventKind.Forward) { Operation = entry, Tensor = output });
    }
}

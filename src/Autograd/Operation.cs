using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>
/// A differentiable function of tensors. An instance is one node of the computation graph: it names its inputs, its
/// attributes and what it saved for the backward pass. Derive from it to write your own:
/// <code>
/// /// Cube, y = x³.
/// public sealed class Cube(Tensor x) : Operation(x)
/// {
///     protected override Shape OutputShape => x.Shape;
///
///     // yᵢ = xᵢ³
///     protected override void Forward&lt;T>(Span&lt;T> y) { … Values&lt;T>(x) … }
///
///     // ∂L/∂xᵢ = ∂L/∂yᵢ · 3xᵢ²
///     protected override void Backward&lt;T>(ReadOnlySpan&lt;T> dy) { … ContributionTo&lt;T>(x) … }
/// }
///
/// Tensor y = new Cube(x).Apply();
/// </code>
/// and hand it to <see cref="Debugging.GradientCheck"/>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(Debugging.OperationView))]
public abstract class Operation
{
    // Nearly every operation has few inputs, and most of the graph's memory is its nodes: they need no arrays of their own.
    private const int Few = 3;
    private readonly int inputCount;
    private readonly FewInputs fewInputs;
    private readonly int[]? manyVersions;
    private FewVersions fewVersions;
    private Tensor[]? manyInputs;
    private List<SavedTensor>? saved;
    private Tensor? output;

    // The step that it was executed in, or outside of one the tape; null while on no tape.
    private object? place;
    private int outputVersion;
    private bool isComputed;

    /// <summary>Names the inputs, all of one dtype.</summary>
    /// <exception cref="ArgumentException">There is no input, or the dtypes differ.</exception>
    protected Operation(params ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length == 0)
            throw new ArgumentException($"{Kind}: an operation has at least one input.");
        inputCount = inputs.Length;
        for (int i = 0; i < inputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i]);
            if (inputs[i].DType != inputs[0].DType)
                throw MixedTypes(inputs[0].DType, inputs[i].DType);
            if (i < Few)
                fewInputs[i] = inputs[i];
        }

        if (inputCount <= Few)
            return;
        manyInputs = inputs.ToArray();
        manyVersions = new int[inputCount];
    }

    /// <summary>Name of the operation: <c>MatMul</c>, <c>Softmax</c>, …</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>The tensors that the operation reads, in order; one tensor may stand there twice.</summary>
    public IReadOnlyList<Tensor> Inputs => manyInputs ??= InputSpan.ToArray();

    /// <summary>What the operation computed.</summary>
    /// <exception cref="InvalidOperationException">It has not been applied yet.</exception>
    public Tensor Output => output ?? throw new InvalidOperationException($"{Kind}: call Apply() first.");

    /// <summary>The output, where the operation has been applied.</summary>
    internal Tensor? OutputIfApplied => output;

    /// <summary>What determines the operation beside its inputs (axes, ε, mask, random key), as a small record; or null.</summary>
    public virtual object? Attributes => null;

    /// <summary>What the forward pass kept for the backward pass beside inputs and output, by name.</summary>
    public IReadOnlyList<SavedTensor> Saved => saved ?? (IReadOnlyList<SavedTensor>)[];

    /// <summary>Number from 0 in order of execution on the tape; −1 while not on a tape.</summary>
    public int Position { get; private set; } = -1;

    /// <summary>Number in order of execution, which stays when operations before it leave the tape.</summary>
    internal long Sequence { get; private set; }

    internal ReadOnlySpan<Tensor> InputSpan => manyInputs ?? fewInputs[..inputCount];

    internal Step? Step => place as Step;

    internal Tape? Tape => place is Step step ? step.Tape : place as Tape;

    /// <summary>True where it was executed in this very step and is on its tape; false says nothing.</summary>
    internal bool IsIn(Step? step) => step is not null && ReferenceEquals(place, step);

    /// <summary>True once a backward pass has gone through and the tape let go of the operation.</summary>
    internal bool IsSpent { get; set; }

    /// <summary>True where it left the tape because its step ended.</summary>
    internal bool StepHasEnded { get; private set; }

    /// <summary>Shape of the result. Throws <see cref="ArgumentException"/> where the inputs' shapes do not fit.</summary>
    protected abstract Shape OutputShape { get; }

    /// <summary>The same for those who check a recording's file.</summary>
    internal Shape ShapeOfOutput => OutputShape;

    /// <summary>The input whose memory the output shares (a reshape), or null. Such an operation has no forward loop.</summary>
    protected virtual Tensor? SharedInput => null;

    /// <summary>Where in <see cref="SharedInput"/> the output begins, in elements.</summary>
    protected virtual int SharedOffset => 0;

    private protected DType DType => FirstInput.DType;

    private protected Tensor FirstInput => fewInputs[0];

    private protected Tensor SecondInput => fewInputs[1];

    // What takes the contributions while Backward runs. An operation of a step runs on that step's thread.
    private protected ContributionSink Sink => place is Step step ? ContributionSink.ActiveIn(step.Context) : ContributionSink.Active;

    private Span<int> InputVersions => manyVersions ?? fewVersions[..inputCount];

    /// <summary>Checks the shapes, computes the output and, where a gradient is wanted, records the operation on the tape.</summary>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The inputs' shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">The operation was applied before, or an input's graph belongs to another thread.</exception>
    public Tensor Apply()
    {
        if (output is not null)
            throw new InvalidOperationException($"{Kind}: an operation is applied once; make a new one.");
        ThreadContext context = ThreadContext.Current;
        ReadOnlySpan<Tensor> inputs = InputSpan;
        DType dtype = DType;
        Shape shape = OutputShape;
        Tensor? shared = SharedInput;
        output = shared is null
            ? new Tensor(shape, dtype, Step.NewStorage(context.Step, dtype, shape.ElementCount))
            : shared.View(shape, SharedOffset);
        bool requiresGradient = NoteVersions(inputs);
        if (shared is null)
        {
            Debugging.Poison.Fill(output);
            long began = Debugging.OperationProfile.Begin();
            ForwardCall call = new(this);
            dtype.Dispatch(ref call);
            Debugging.OperationProfile.End(this, began, backward: false);
        }

        outputVersion = output.Version;
        for (int i = 0; i < saved?.Count; i++)
            saved[i].Version = saved[i].Values.Version;
        isComputed = true;
        if (requiresGradient && context.NoGradientScopes == 0)
        {
            output.Producer = this;
            context.Tape.Add(this, context.Step);
        }

        Debugging.Recorder.Active?.AfterForward(this);
        return output;
    }

    /// <summary>Kind, inputs and output, in one line.</summary>
    public override string ToString() =>
        $"{Kind}({string.Join(", ", Inputs.Select(input => input.Shape))}) → {(output is null ? "not applied" : output.Shape)}";

    /// <summary>
    /// The same function made of smaller operations on the same inputs, as its formula reads: what one sees who steps into
    /// a fused operation. Null where it is not made of smaller ones.
    /// </summary>
    protected internal virtual Tensor? Composed() => null;

    /// <summary>Notes where it stands on a tape.</summary>
    internal void Place(Tape tape, Step? step, int position, long sequence)
    {
        place = (object?)step ?? tape;
        Position = position;
        Sequence = sequence;
    }

    /// <summary>Notes that operations before it left the tape.</summary>
    internal void MoveTo(int position) => Position = position;

    /// <summary>Lets go of the tape, and with it of all that is recorded later.</summary>
    internal void LeaveTape(bool stepHasEnded)
    {
        place = null;
        Position = -1;
        IsSpent = true;
        StepHasEnded = stepHasEnded;
    }

    /// <summary>Runs <see cref="Backward{T}"/> on a gradient given from outside.</summary>
    internal void RunBackward(Tensor gradient)
    {
        BackwardCall call = new(this, gradient);
        DType.Dispatch(ref call);
    }

    /// <summary>Computes every element of <paramref name="y"/>, whose memory holds arbitrary values.</summary>
    /// <typeparam name="T">Element type: float or double.</typeparam>
    protected abstract void Forward<T>(Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// From the output's gradient, computes the operation's contribution to the gradient of each input that
    /// <see cref="Needs">needs</see> one. The tape adds contributions up; an operation only writes its own.
    /// </summary>
    /// <typeparam name="T">Element type: float or double.</typeparam>
    /// <param name="dy">∂L/∂y, shaped as the output.</param>
    protected abstract void Backward<T>(ReadOnlySpan<T> dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>True where the input's gradient is wanted.</summary>
    protected static bool Needs(Tensor input) => input.RequiresGradient;

    /// <summary>The values of an input, of the output or of a saved tensor, as they were when the operation was applied.</summary>
    /// <exception cref="InvalidOperationException">They were edited since.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ReadOnlySpan<T> Values<T>(Tensor tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (isComputed && !tensor.IsReleased && VersionOf(tensor) != tensor.Version)
            throw Edited(tensor);
        return tensor.WritableValues<T>();
    }

    /// <summary>
    /// Memory, shaped as the input, for this operation's contribution to the input's gradient. It holds arbitrary
    /// values: assign every element. Ask once for each input position.
    /// </summary>
    protected Span<T> ContributionTo<T>(Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Sink.ContributionTo(this, input).WritableValues<T>();

    /// <summary>
    /// Contributes the output's gradient itself, ∂L/∂xᵢ += ∂L/∂yᵢ, to an input with as many elements: without a copy, where
    /// nobody else reads that gradient.
    /// </summary>
    protected void PassOn<T>(ReadOnlySpan<T> dy, Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContributionSink sink = Sink;
        if (!sink.TryPassOn(this, input))
            dy.CopyTo(sink.ContributionTo(this, input).WritableValues<T>());
    }

    /// <summary>
    /// Memory under a name, to keep what the forward pass computed for the backward pass. A second call with the same
    /// name gives the same memory.
    /// </summary>
    protected Tensor Save(string name, Shape shape)
    {
        saved ??= [];
        foreach (SavedTensor entry in saved)
        {
            if (entry.Name == name)
                return entry.Values;
        }

        Tensor values = new(shape, DType, Step.NewStorage(DType, shape.ElementCount));
        Debugging.Poison.Fill(values);
        saved.Add(new SavedTensor(name, values));
        return values;
    }

    /// <summary>Names the operation and the rule that the shapes broke.</summary>
    protected ArgumentException ShapeError(string rule) => new($"{Kind}: {rule}");

    private InvalidOperationException Edited(Tensor tensor) =>
        new($"{Kind}: the backward pass needs values {tensor.Shape} that were edited after the forward pass. "
            + "Edit a Detach().Keep() copy, or edit after Backward().");

    private ArgumentException MixedTypes(DType first, DType other) =>
        new($"{Kind}: inputs have one dtype, not {first} and {other}; convert one with To(DType).");

    private int VersionOf(Tensor tensor)
    {
        ReadOnlySpan<Tensor> inputs = InputSpan;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (ReferenceEquals(inputs[i], tensor))
                return InputVersions[i];
        }

        if (ReferenceEquals(tensor, output))
            return outputVersion;
        for (int i = 0; i < saved?.Count; i++)
        {
            if (ReferenceEquals(saved[i].Values, tensor))
                return saved[i].Version;
        }

        return tensor.Version;
    }

    // True where one of the inputs requires a gradient.
    private bool NoteVersions(ReadOnlySpan<Tensor> inputs)
    {
        Span<int> versions = InputVersions;
        bool requiresGradient = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            versions[i] = inputs[i].Version;
            requiresGradient |= inputs[i].RequiresGradient;
        }

        return requiresGradient;
    }

    [InlineArray(Few)]
    private struct FewInputs
    {
        private Tensor first;
    }

    [InlineArray(Few)]
    private struct FewVersions
    {
        private int first;
    }

    private readonly struct ForwardCall(Operation operation) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => operation.Forward(operation.output!.WritableValues<T>());
    }

    private readonly struct BackwardCall(Operation operation, Tensor gradient) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            operation.Backward(gradient.Values<T>());
    }
}

/// <summary>A tensor that an operation kept for its backward pass.</summary>
/// <param name="Name">What it is, such as <c>weights</c>.</param>
/// <param name="Values">The values; not differentiable.</param>
public sealed record SavedTensor(string Name, Tensor Values)
{
    /// <summary>The values' version when the operation had been applied.</summary>
    internal int Version { get; set; }
}

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
public abstract partial class Operation
{
    private Tensor? output;

    // The step that it was executed in, or outside of one the tape; null while on no tape.
    private object? place;

    /// <summary>Name of the operation: <c>MatMul</c>, <c>Softmax</c>, …</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>What the operation computed.</summary>
    /// <exception cref="InvalidOperationException">It has not been applied yet.</exception>
    public Tensor Output => output ?? throw new InvalidOperationException($"{Kind}: call Apply() first.");

    /// <summary>The output, where the operation has been applied.</summary>
    internal Tensor? OutputIfApplied => output;

    /// <summary>What determines the operation beside its inputs (axes, ε, mask, random key), as a small record; or null.</summary>
    public virtual object? Attributes => null;

    /// <summary>Number from 0 in order of execution on the tape; −1 while not on a tape.</summary>
    public int Position => Tape?.PositionOf(this) ?? -1;

    /// <summary>Number in order of execution, which stays when operations before it leave the tape.</summary>
    internal long Sequence { get; private set; }

    internal Step? Step => place as Step;

    internal Tape? Tape => place is Step step ? step.Tape : place as Tape;

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

    // What takes the contributions while Backward runs. An operation of a step runs on that step's thread.
    private protected ContributionSink Sink => place is Step step ? ContributionSink.ActiveIn(step.Context) : ContributionSink.Active;

    /// <summary>Checks the shapes, computes the output and, where a gradient is wanted, records the operation on the tape.</summary>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The inputs' shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">The operation was applied before, or an input's graph belongs to another thread.</exception>
    public Tensor Apply()
    {
        if (output is not null)
            throw new InvalidOperationException($"{Kind}: an operation is applied once; make a new one.");
        ThreadContext context = ThreadContext.Current;
        Step? step = context.Step;
        Shape shape = OutputShape;
        bool requiresGradient = NoteInputVersions();
        if (SharedInput is { } shared)
            output = shared.View(shape, SharedOffset);
        else
            Compute(shape, step);
        NoteComputedVersions();
        if (requiresGradient && context.NoGradientScopes == 0)
        {
            output!.Producer = this;
            (step?.Tape ?? context.Tape).Add(this, step);
        }

        Debugging.Recorder.Active?.AfterForward(this);
        return output!;
    }

    /// <summary>Kind, inputs and output, in one line.</summary>
    public override string ToString() =>
        $"{Kind}({string.Join(", ", Inputs.Select(input => input.Shape))}) → {(output is null ? "not applied" : output.Shape)}";

    /// <summary>
    /// The same function made of smaller operations on the same inputs, as its formula reads: what one sees who steps into
    /// a fused operation. Null where it is not made of smaller ones.
    /// </summary>
    protected internal virtual Tensor? Composed() => null;

    /// <summary>True where it was executed in this very step and is on its tape; false says nothing.</summary>
    internal bool IsIn(Step? step) => step is not null && ReferenceEquals(place, step);

    /// <summary>Notes where it stands on a tape.</summary>
    internal void Place(Tape tape, Step? step, long sequence)
    {
        place = (object?)step ?? tape;
        Sequence = sequence;
    }

    /// <summary>Lets go of the tape, and with it of all that is recorded later.</summary>
    internal void LeaveTape(bool stepHasEnded)
    {
        place = null;
        IsSpent = true;
        StepHasEnded = stepHasEnded;
    }

    /// <summary>Runs <see cref="Backward{T}"/> on a gradient given from outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void PassOn<T>(ReadOnlySpan<T> dy, Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ContributionSink sink = Sink;
        if (!sink.TryPassOn(this, input))
            dy.CopyTo(sink.ContributionTo(this, input).WritableValues<T>());
    }

    /// <summary>Names the operation and the rule that the shapes broke.</summary>
    protected ArgumentException ShapeError(string rule) => new($"{Kind}: {rule}");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Compute(Shape shape, Step? step)
    {
        output = new Tensor(shape, DType, Step.NewStorage(step, DType, shape.ElementCount));
        Debugging.Poison.Fill(output);
        long began = Debugging.OperationProfile.Begin();
        ForwardCall call = new(this);
        DType.Dispatch(ref call);
        Debugging.OperationProfile.End(this, began, backward: false);
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

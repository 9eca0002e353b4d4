using System.Diagnostics;
using System.Numerics;

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
    private readonly Tensor[] inputs;
    private readonly int[] inputVersions;
    private List<SavedTensor>? saved;
    private Tensor? output;
    private int outputVersion;
    private bool isComputed;

    /// <summary>Names the inputs, all of one dtype.</summary>
    /// <exception cref="ArgumentException">There is no input, or the dtypes differ.</exception>
    protected Operation(params ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length == 0)
            throw new ArgumentException($"{Kind}: an operation has at least one input.");
        this.inputs = inputs.ToArray();
        inputVersions = new int[inputs.Length];
        foreach (Tensor input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input);
            if (input.DType != inputs[0].DType)
            {
                throw new ArgumentException(
                    $"{Kind}: inputs have one dtype, not {inputs[0].DType} and {input.DType}; convert one with To(DType).");
            }
        }
    }

    /// <summary>Name of the operation: <c>MatMul</c>, <c>Softmax</c>, …</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>The tensors that the operation reads, in order; one tensor may stand there twice.</summary>
    public IReadOnlyList<Tensor> Inputs => inputs;

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
    public int Position { get; internal set; } = -1;

    /// <summary>Number in order of execution, which stays when operations before it leave the tape.</summary>
    internal long Sequence { get; set; }

    internal ReadOnlySpan<Tensor> InputSpan => inputs;

    internal Tape? Tape { get; set; }

    internal Step? Step { get; private set; }

    /// <summary>True once a backward pass has gone through and the tape let go of the operation.</summary>
    internal bool IsSpent { get; set; }

    /// <summary>True where it left the tape because its step ended.</summary>
    internal bool StepHasEnded { get; set; }

    /// <summary>Shape of the result. Throws <see cref="ArgumentException"/> where the inputs' shapes do not fit.</summary>
    protected abstract Shape OutputShape { get; }

    /// <summary>The same for those who check a recording's file.</summary>
    internal Shape ShapeOfOutput => OutputShape;

    /// <summary>The input whose memory the output shares (a reshape), or null. Such an operation has no forward loop.</summary>
    protected virtual Tensor? SharedInput => null;

    /// <summary>Where in <see cref="SharedInput"/> the output begins, in elements.</summary>
    protected virtual int SharedOffset => 0;

    private protected DType DType => inputs[0].DType;

    /// <summary>Checks the shapes, computes the output and, where a gradient is wanted, records the operation on the tape.</summary>
    /// <returns>The output.</returns>
    /// <exception cref="ArgumentException">The inputs' shapes do not fit.</exception>
    /// <exception cref="InvalidOperationException">The operation was applied before, or an input's graph belongs to another thread.</exception>
    public Tensor Apply()
    {
        if (output is not null)
            throw new InvalidOperationException($"{Kind}: an operation is applied once; make a new one.");
        Shape shape = OutputShape;
        output = SharedInput is { } shared
            ? shared.View(shape, SharedOffset)
            : new Tensor(shape, DType, Step.NewStorage(DType, shape.ElementCount));
        for (int i = 0; i < inputs.Length; i++)
            inputVersions[i] = inputs[i].Version;
        if (SharedInput is null)
        {
            Debugging.Poison.Fill(output);
            long began = Debugging.OperationProfile.Begin();
            ForwardCall call = new(this);
            DType.Dispatch(ref call);
            Debugging.OperationProfile.End(this, began, backward: false);
        }

        outputVersion = output.Version;
        for (int i = 0; i < saved?.Count; i++)
            saved[i].Version = saved[i].Values.Version;
        isComputed = true;
        if (!NoGradient.IsActive && AnyInputRequiresGradient())
        {
            Step = Step.Current;
            output.Producer = this;
            Tape.Current.Add(this);
        }

        Debugging.Recorder.Active?.AfterForward(this);
        return output;
    }

    /// <summary>Kind, inputs and output, in one line.</summary>
    public override string ToString() =>
        $"{Kind}({string.Join(", ", inputs.Select(input => input.Shape))}) → {(output is null ? "not applied" : output.Shape)}";

    /// <summary>
    /// The same function made of smaller operations on the same inputs, as its formula reads: what one sees who steps into
    /// a fused operation. Null where it is not made of smaller ones.
    /// </summary>
    protected internal virtual Tensor? Composed() => null;

    /// <summary>Runs <see cref="Backward{T}"/> on the output's gradient.</summary>
    internal void RunBackward() => RunBackward(Output.GradientTensor);

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
    protected ReadOnlySpan<T> Values<T>(Tensor tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (isComputed && VersionOf(tensor) != tensor.Version)
        {
            throw new InvalidOperationException(
                $"{Kind}: the backward pass needs values {tensor.Shape} that were edited after the forward pass. "
                + "Edit a Detach().Keep() copy, or edit after Backward().");
        }

        return tensor.Values<T>();
    }

    /// <summary>
    /// Memory, shaped as the input, for this operation's contribution to the input's gradient. It holds arbitrary
    /// values: assign every element. Ask once for each input position.
    /// </summary>
    protected Span<T> ContributionTo<T>(Tensor input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ContributionSink.Active.ContributionTo(this, input).WritableValues<T>();

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

    private int VersionOf(Tensor tensor)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (ReferenceEquals(inputs[i], tensor))
                return inputVersions[i];
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

    private bool AnyInputRequiresGradient()
    {
        foreach (Tensor input in inputs)
        {
            if (input.RequiresGradient)
                return true;
        }

        return false;
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

using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <content>Gradients: who wants one, where it is kept, and the backward pass.</content>
public partial class Tensor
{
    private bool wantsGradient;
    private bool hasGradient;
    private bool isGradientKnown;
    private bool isGradientBorrowed;
    private int gradientPass;
    private Tensor? gradient;

    /// <summary>The operation that computed this tensor and is on the tape; null for a leaf and under <see cref="NoGradient"/>.</summary>
    public Operation? Producer { get; internal set; }

    /// <summary>
    /// Whether backward passes compute this tensor's gradient: set it on a leaf; a computed tensor requires one when
    /// one of its inputs does.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on a tensor that an operation computed.</exception>
    public bool RequiresGradient
    {
        get => wantsGradient || Producer is not null;
        set
        {
            if (Producer is not null)
                throw new InvalidOperationException("RequiresGradient is set on leaves; this tensor was computed. Detach() it first.");
            wantsGradient = value;
        }
    }

    /// <summary>
    /// ∂L/∂this, added up over backward passes since <see cref="ZeroGradient"/>; null where none has arrived.
    /// For a computed tensor it is that of the last pass, and inside a <see cref="Step"/> its memory is reused as soon
    /// as it has been passed on, unless <see cref="KeepsGradient"/> is set.
    /// </summary>
    public Tensor? Gradient
    {
        get
        {
            if (!hasGradient)
                return null;
            // Who has it may read it later: from now on it must not become another tensor's.
            isGradientKnown = true;
            return gradient;
        }
    }

    /// <summary>Keeps the gradient of a computed tensor readable until its <see cref="Step"/> ends.</summary>
    public bool KeepsGradient { get; set; }

    /// <summary>
    /// Forgets the gradient: the next backward pass starts from none. It writes into the same memory; <see cref="Keep"/>
    /// what is to be compared later.
    /// </summary>
    public void ZeroGradient()
    {
        hasGradient = false;
        Debugging.Recorder.Active?.GradientReset(this);
    }

    /// <summary>
    /// Computes ∂this/∂leaf for every leaf that requires a gradient and adds it to <see cref="Gradient"/>
    /// (reverse-mode differentiation; Baydin et al. 2018, section 3.2). Gradients are plain tensors outside any graph:
    /// second derivatives are not supported.
    /// </summary>
    /// <param name="outputGradient">
    /// ∂L/∂this, of this shape; may be left out for a single element, where it is 1. It is read where it lies: do not edit it before the
    /// pass is over.
    /// </param>
    /// <param name="keepGraph">True to allow another backward pass through the same graph.</param>
    /// <exception cref="InvalidOperationException">
    /// No gradient is required, the tensor is no scalar and no gradient was given, the graph was walked before, or
    /// values that the pass needs were edited. Gradients that the pass had finished by then stay added: call
    /// <see cref="ZeroGradient"/> before the next one.
    /// </exception>
    public void Backward(Tensor? outputGradient = null, bool keepGraph = false)
    {
        new BackwardWalk(this, outputGradient, keepGraph).RunAll();
    }

    /// <summary>
    /// <see cref="Backward"/>, one operation at a time: each item is the operation whose
    /// <see cref="Operation.Backward{T}"/> has just run. This tensor's own gradient is set at the call, before the first item.
    /// </summary>
    public IEnumerable<Operation> BackwardSteps(Tensor? outputGradient = null, bool keepGraph = false)
    {
        BackwardWalk walk = new(this, outputGradient, keepGraph);
        return Walk(walk);

        static IEnumerable<Operation> Walk(BackwardWalk walk)
        {
            try
            {
                while (true)
                {
                    walk.CheckUsable();
                    if (walk.Next() is not { } operation)
                        yield break;
                    yield return operation;
                }
            }
            finally
            {
                walk.End();
            }
        }
    }

    /// <summary>Lower half of the sequence number of the operation whose Backward was the first to write the gradient; it means nothing for a seed.</summary>
    internal int GradientBegunAt { get; set; } = -1;

    internal bool HasGradientOf(int pass) => hasGradient && gradientPass == pass;

    /// <summary>The gradient where there is known to be one.</summary>
    internal Tensor GradientTensor => gradient!;

    /// <summary>
    /// Memory for one contribution: the gradient itself where <paramref name="before"/> is null, else a tensor of its
    /// own to be added.
    /// </summary>
    internal Tensor NewGradient(Step? step, int pass, out Tensor? before)
    {
        bool isLeaf = Producer is null;
        before = GradientBefore(pass);
        if (before is not null)
            return new Tensor(Shape, DType, Step.NewStorage(step, DType, Count));
        // A leaf's gradient outlives steps and keeps its memory from one to the next.
        if (!isLeaf)
            gradient = new Tensor(Shape, DType, Step.NewStorage(step, DType, Count));
        else if (gradient is null)
            gradient = new Tensor(Shape, DType, Storage.Allocate(DType, Count));
        else
            gradient.storage.MarkEdited();
        hasGradient = true;
        isGradientKnown = false;
        isGradientBorrowed = false;
        gradientPass = pass;
        return gradient;
    }

    /// <summary>What a contribution in this pass would be added to; null where it would be the first.</summary>
    internal Tensor? GradientBefore(int pass) => hasGradient && (Producer is null || gradientPass == pass) ? gradient : null;

    /// <summary>
    /// Gives the gradient away, because nobody reads it any more: in a step, where it is not to be kept and was not asked for.
    /// </summary>
    /// <param name="shape">In which shape; it has as many elements.</param>
    /// <returns>Null where it is to stay.</returns>
    internal Tensor? TakeGradient(Shape shape)
    {
        if (KeepsGradient || isGradientKnown || isGradientBorrowed || gradient is not { } taken)
            return null;
        gradient = null;
        hasGradient = false;
        return shape.Equals(taken.Shape) ? taken : taken.View(shape, 0);
    }

    /// <summary>Takes what another tensor gave away as the first contribution in this pass.</summary>
    internal void SetGradient(int pass, Tensor contribution)
    {
        gradient = contribution;
        hasGradient = true;
        isGradientKnown = false;
        isGradientBorrowed = false;
        gradientPass = pass;
    }

    /// <summary>Takes a gradient that belongs to somebody else: it is read in this pass, and neither written nor given away.</summary>
    internal void BorrowGradient(int pass, Tensor lent)
    {
        SetGradient(pass, lent);
        isGradientBorrowed = true;
    }

    /// <summary>Adds another tensor's values to this one's.</summary>
    internal void Accumulate(Tensor values)
    {
        storage.MarkEdited();
        Accumulation accumulation = new(values, this);
        DType.Dispatch(ref accumulation);
    }

    /// <summary>Lets go of the gradient, where it is not to be kept; for use in a step.</summary>
    internal void ReleaseGradient()
    {
        if (KeepsGradient)
            return;
        if (!isGradientBorrowed)
            gradient?.Release();
        gradient = null;
        hasGradient = false;
    }

    private readonly struct Accumulation(Tensor from, Tensor to) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Elementwise.Accumulate(from.Values<T>(), to.WritableValues<T>());
    }
}

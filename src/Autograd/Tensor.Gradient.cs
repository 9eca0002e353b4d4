using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <content>Gradients: who wants one, where it is kept, and the backward pass.</content>
public partial class Tensor
{
    // A graph has a tensor for each of its operations: a byte for each of these, and one line of the cache for all.
    private GradientOwner gradientOwner;
    private bool wantsGradient;

    // The backward pass that began the gradient; 0 where there is none.
    private int gradientPass;
    private Tensor? gradient;

    // Who may read the gradient's memory beside this tensor, and so keeps it from becoming another tensor's.
    private enum GradientOwner : byte
    {
        ThisAlone,
        ThisAndAsker,
        Lender,
    }

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
            if (gradientPass == 0)
                return null;
            if (gradientOwner == GradientOwner.ThisAlone)
                gradientOwner = GradientOwner.ThisAndAsker;
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
        gradientPass = 0;
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

    /// <summary>True where the memory is a leaf's gradient, which the next backward pass may write to again.</summary>
    internal bool IsLeafGradient
    {
        get => storage.IsLeafGradient;
        private init => storage.IsLeafGradient = value;
    }

    internal bool HasGradientOf(int pass) => gradientPass == pass;

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
            gradient = new Tensor(Shape, DType, Storage.Allocate(DType, Count)) { IsLeafGradient = true };
        else
            gradient.storage.MarkEdited();
        SetGradient(pass, gradient);
        return gradient;
    }

    /// <summary>What a contribution in this pass would be added to; null where it would be the first.</summary>
    internal Tensor? GradientBefore(int pass) => gradientPass == pass || (gradientPass != 0 && Producer is null) ? gradient : null;

    /// <summary>
    /// Gives the gradient away, because nobody reads it any more: in a step, where it is not to be kept and was not asked for.
    /// </summary>
    /// <param name="shape">In which shape; it has as many elements.</param>
    /// <returns>Null where it is to stay.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Tensor? TakeGradient(Shape shape)
    {
        if (KeepsGradient || gradientOwner != GradientOwner.ThisAlone || gradient is not { } taken)
            return null;
        gradient = null;
        gradientPass = 0;
        return shape.Equals(taken.Shape) ? taken : taken.View(shape, 0);
    }

    /// <summary>Takes what another tensor gave away as the first contribution in this pass.</summary>
    internal void SetGradient(int pass, Tensor contribution)
    {
        gradient = contribution;
        gradientOwner = GradientOwner.ThisAlone;
        gradientPass = pass;
    }

    /// <summary>Takes a gradient that belongs to somebody else: it is read in this pass, and neither written nor given away.</summary>
    internal void BorrowGradient(int pass, Tensor lent)
    {
        SetGradient(pass, lent);
        gradientOwner = GradientOwner.Lender;
    }

    /// <summary>Adds another tensor's values to this one's.</summary>
    internal void Accumulate(Tensor values)
    {
        storage.MarkEdited();
        Accumulation accumulation = new(values, this);
        DType.Dispatch(ref accumulation);
    }

    /// <summary>Lets go of the gradient, where it is not to be kept; for use in a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ReleaseGradient()
    {
        if (KeepsGradient || gradient is null)
            return;
        if (gradientOwner != GradientOwner.Lender)
            gradient.Release();
        gradient = null;
        gradientPass = 0;
    }

    private readonly struct Accumulation(Tensor from, Tensor to) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Elementwise.Accumulate(from.Values<T>(), to.WritableValues<T>());
    }
}

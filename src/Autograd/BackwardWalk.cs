using System.Runtime.CompilerServices;
using Transformer.Autograd.Debugging;

namespace Transformer.Autograd;

/// <summary>
/// A backward pass under way: walks the tape from the loss back to the first operation, one operation at a time.
/// <see cref="Tensor.Backward"/> and <see cref="Tensor.BackwardSteps"/> are both this.
/// </summary>
internal sealed class BackwardWalk : ContributionSink
{
    private static int passes;

    private readonly ThreadContext context = ThreadContext.Current;
    private readonly Tensor loss;
    private readonly Tape tape;
    private readonly bool keepGraph;
    private readonly List<(Tensor Input, Tensor Contribution)> pending = [];

    // Leaves whose gradient the running operation is the first to write; for a recorder, all such inputs.
    private readonly List<Tensor> begun = [];
    private readonly int pass = Interlocked.Increment(ref passes);

    // Where in the input the only pending contribution lies, if it is 0 elsewhere.
    private (int Start, Shape Shape)? pendingPart;
    private int position;

    // Operations whose output has a gradient that they have not passed on yet; the walk ends with the last of them.
    private int outstanding;
    private long sequence;
    private int removals;

    public BackwardWalk(Tensor loss, Tensor? gradient, bool keepGraph)
    {
        if (!loss.RequiresGradient)
        {
            throw new InvalidOperationException(
                $"Backward: {loss.Shape} depends on no tensor that requires a gradient (or was computed under NoGradient).");
        }

        if (gradient is null && loss.Count != 1)
        {
            throw new InvalidOperationException(
                $"Backward: {loss.Shape} is not a scalar; reduce it with Sum() or Mean(), or pass ∂L/∂y of its shape.");
        }

        if (gradient is not null && (!gradient.Shape.Equals(loss.Shape) || gradient.DType != loss.DType))
        {
            throw new ArgumentException(
                $"Backward: the gradient is {gradient.DType} {gradient.Shape}, the tensor {loss.DType} {loss.Shape}.");
        }

        if (loss.Producer is { IsSpent: true })
            throw Spent(loss.Producer);
        this.loss = loss;
        this.keepGraph = keepGraph;
        tape = loss.Producer?.Tape ?? Tape.Current;
        CheckUsable();
        if (loss.Producer is { } producer)
        {
            position = producer.Position;
            sequence = producer.Sequence + 1;
            outstanding = 1;
        }

        removals = tape.Removals;
        Recorder.Active?.CheckRecorded(loss.Producer);
        Seed(gradient);
    }

    // What was given is read where it lies: it may be as large as the largest tensor of the graph. Not so a leaf's gradient: this pass may
    // write to its memory before it is read to the end.
    private void Seed(Tensor? gradient)
    {
        if (gradient is { IsLeafGradient: false } && loss.Producer is not null && !loss.KeepsGradient && loss.GradientBefore(pass) is null)
        {
            loss.BorrowGradient(pass, gradient.Detach());
            Recorder.Active?.BackwardStarts(loss, gradient, null, pass);
            return;
        }

        Tensor seed = loss.NewGradient(context.Step, pass, out Tensor? before);
        if (gradient is null)
            seed.Fill(1);
        else
            seed.CopyFrom(gradient);
        Recorder.Active?.BackwardStarts(loss, seed, before, pass);
        before?.Accumulate(seed);
    }

    /// <summary>Runs every operation that the loss depends on.</summary>
    public void RunAll()
    {
        ContributionSink? outer = context.Sink;
        context.Sink = this;
        try
        {
            while (Next() is not null)
            {
            }
        }
        finally
        {
            context.Sink = outer;
        }
    }

    /// <summary>Runs the next operation that the loss depends on; null when none is left.</summary>
    public Operation? Next()
    {
        if (removals != tape.Removals)
        {
            // Another backward pass came between two steps of this one, and moved the operations on the tape.
            position = tape.LastBefore(sequence);
            removals = tape.Removals;
        }

        while (outstanding > 0 && position >= 0)
        {
            Operation operation = tape[position--];
            sequence = operation.Sequence;
            if (!operation.OutputIfApplied!.HasGradientOf(pass))
                continue;
            outstanding--;
            ContributionSink? outer = context.Sink;
            try
            {
                Run(operation);
            }
            catch
            {
                GiveUp(operation);
                End();
                throw;
            }
            finally
            {
                if (!ReferenceEquals(outer, this))
                    context.Sink = outer;
            }

            return operation;
        }

        End();
        return null;
    }

    /// <summary>Takes what was walked off the tape, also where the walk was given up halfway.</summary>
    public void End()
    {
        tape.IsAtNone();
        if (!keepGraph)
            tape.RemoveSpent(from: sequence);
    }

    public override Tensor ContributionTo(Operation operation, Tensor input)
    {
        CheckOpen(operation, input);
        Tensor contribution = input.NewGradient(context.Step, pass, out Tensor? before);
        if (before is not null)
            pending.Add((input, contribution));
        else
            Begin(input);
        Poison.Fill(contribution);
        return contribution;
    }

    public override bool TryPassOn(Operation operation, Tensor input)
    {
        CheckOpen(operation, input);
        // A leaf's gradient has memory that lasts.
        if (context.Step is null || input.Producer is null || operation.OutputIfApplied!.TakeGradient(input.Shape) is not { } contribution)
            return false;
        if (input.GradientBefore(pass) is not null)
        {
            pending.Add((input, contribution));
            return true;
        }

        input.SetGradient(pass, contribution);
        Begin(input);
        return true;
    }

    // For a leaf, whose parts (the query's rows of a packed projection) are used one by one: a gradient as large as all of it for
    // each part would be mostly zeros. A part that is the first to arrive is copied, as any first contribution.
    public override bool TryAddPart(Operation operation, Tensor input, int start)
    {
        if (input.Producer is not null)
            return false;
        CheckOpen(operation, input);
        Tensor values = operation.OutputIfApplied!.GradientTensor;
        if (input.GradientBefore(pass) is not { } before)
        {
            Tensor gradient = input.NewGradient(context.Step, pass, out _);
            Begin(input);
            gradient.Fill(0);
            gradient.View(values.Shape, start).CopyFrom(values);
        }
        else if (Recorder.Active is null)
        {
            before.View(values.Shape, start).Accumulate(values);
        }
        else
        {
            // The recorder gets it in full, before it is added.
            Tensor contribution = new(input.Shape, input.DType, Step.NewStorage(context.Step, input.DType, input.Count));
            contribution.Fill(0);
            contribution.View(values.Shape, start).CopyFrom(values);
            pending.Add((input, contribution));
            pendingPart = (start, values.Shape);
        }

        return true;
    }

    /// <summary>Throws where the walk cannot go on: on another thread, or after the loss's step has ended.</summary>
    public void CheckUsable()
    {
        if (!ReferenceEquals(tape, ThreadContext.Current.TapeIfAny))
            throw new InvalidOperationException("Backward: this graph was recorded on another thread; walk it there.");
        if (loss.Producer is { StepHasEnded: true } producer)
            throw Spent(producer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckOpen(Operation operation, Tensor input)
    {
        if (input.Producer is { IsSpent: true } producer)
            throw Spent(producer);
        CheckWanted(operation, input);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(Tensor input)
    {
        bool isLeaf = input.Producer is null;
        if (!isLeaf)
            outstanding++;
        if (isLeaf || Recorder.Active is not null)
            begun.Add(input);
    }

    private static InvalidOperationException Spent(Operation operation) => operation.StepHasEnded
        ? new ObjectDisposedException(
            nameof(Tensor), $"Backward: the step in which {operation.Kind} was computed has ended. Call Backward() before the step ends.")
        : new InvalidOperationException($"Backward: a backward pass has gone through this graph already ({operation.Kind}). "
            + "Compute the loss again, or pass keepGraph: true the first time.");

    private void Run(Operation operation)
    {
        if (!ReferenceEquals(context.Sink, this))
            context.Sink = this;
        tape.IsAt(operation);
        Recorder? recorder = Recorder.Active;
        long began = OperationProfile.Begin();
        Tensor output = operation.OutputIfApplied!;
        recorder?.BeforeBackward(operation, pass);
        operation.RunBackward(output.GradientTensor);
        recorder?.AfterBackward(operation, pass, begun, pending);
        if (begun.Count > 0)
            begun.Clear();
        bool inStep = context.Step is not null;
        if (pending.Count > 0)
            AddPending(inStep);
        if (!keepGraph)
            operation.IsSpent = true;
        if (inStep)
            output.ReleaseGradient();
        OperationProfile.End(operation, began, backward: true);
    }

    // What the operation began holds no numbers yet, or the previous step's; and what was computed has not got all of its gradient.
    private void GiveUp(Operation operation)
    {
        foreach (Tensor input in operation.InputSpan)
        {
            if (input.HasGradientOf(pass) && (input.Producer is not null || begun.Contains(input)))
                input.ZeroGradient();
        }

        begun.Clear();
        pending.Clear();
        pendingPart = null;
        tape.IsAtNone();
    }

    // Contributions after the first, in the order in which the operation asked for them.
    private void AddPending(bool inStep)
    {
        foreach ((Tensor input, Tensor contribution) in pending)
        {
            if (pendingPart is (int start, Shape shape))
                input.GradientTensor.View(shape, start).Accumulate(contribution.View(shape, start));
            else
                input.GradientTensor.Accumulate(contribution);
            if (inStep)
                contribution.Release();
        }

        pending.Clear();
        pendingPart = null;
    }
}

using Transformer.Autograd.Debugging;

namespace Transformer.Autograd;

/// <summary>
/// A backward pass under way: walks the tape from the loss back to the first operation, one operation at a time.
/// <see cref="Tensor.Backward"/> and <see cref="Tensor.BackwardSteps"/> are both this.
/// </summary>
internal sealed class BackwardWalk : ContributionSink
{
    private static int passes;

    private readonly Tensor loss;
    private readonly Tape tape;
    private readonly bool keepGraph;
    private readonly List<(Tensor Input, Tensor Contribution)> pending = [];

    // Inputs whose gradient the running operation is the first to write.
    private readonly List<Tensor> begun = [];
    private readonly int pass = Interlocked.Increment(ref passes);
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
        Tensor seed = loss.NewGradient(pass, out Tensor? before);
        if (gradient is null)
            seed.Fill(1);
        else
            seed.CopyFrom(gradient);
        Recorder.Active?.BackwardStarts(loss, seed, before, pass);
        if (before is not null)
            loss.AddToGradient(seed);
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
            if (!operation.Output.HasGradientOf(pass))
                continue;
            outstanding--;
            Run(operation);
            return operation;
        }

        End();
        return null;
    }

    /// <summary>Takes what was walked off the tape, also where the walk was given up halfway.</summary>
    public void End()
    {
        tape.Walked = null;
        if (!keepGraph)
            tape.RemoveSpent(from: sequence);
    }

    public override Tensor ContributionTo(Operation operation, Tensor input)
    {
        if (input.Producer is { IsSpent: true } producer)
            throw Spent(producer);
        CheckWanted(operation, input);
        Tensor contribution = input.NewGradient(pass, out Tensor? before);
        if (before is not null)
            pending.Add((input, contribution));
        else
        {
            begun.Add(input);
            if (input.Producer is not null)
                outstanding++;
        }

        Poison.Fill(contribution);
        return contribution;
    }

    /// <summary>Throws where the walk cannot go on: on another thread, or after the loss's step has ended.</summary>
    public void CheckUsable()
    {
        if (!ReferenceEquals(tape, Tape.Current))
            throw new InvalidOperationException("Backward: this graph was recorded on another thread; walk it there.");
        if (loss.Producer is { StepHasEnded: true } producer)
            throw Spent(producer);
    }

    private static InvalidOperationException Spent(Operation operation) => operation.StepHasEnded
        ? new ObjectDisposedException(
            nameof(Tensor), $"Backward: the step in which {operation.Kind} was computed has ended. Call Backward() before the step ends.")
        : new InvalidOperationException($"Backward: a backward pass has gone through this graph already ({operation.Kind}). "
            + "Compute the loss again, or pass keepGraph: true the first time.");

    private void Run(Operation operation)
    {
        ContributionSink? outer = Exchange(this);
        tape.Walked = operation;
        Recorder? recorder = Recorder.Active;
        long began = OperationProfile.Begin();
        try
        {
            recorder?.BeforeBackward(operation, pass);
            operation.RunBackward();
            recorder?.AfterBackward(operation, pass, begun, pending);
        }
        catch
        {
            // What it began holds no numbers yet, or the previous step's.
            foreach (Tensor input in begun)
                input.ZeroGradient();
            pending.Clear();
            tape.Walked = null;
            throw;
        }
        finally
        {
            Exchange(outer);
            begun.Clear();
        }

        // Contributions after the first are added here, in the order in which the operation asked for them.
        foreach ((Tensor input, Tensor contribution) in pending)
        {
            input.AddToGradient(contribution);
            contribution.ReleaseEarly();
        }

        pending.Clear();
        OperationProfile.End(operation, began, backward: true);
        if (!keepGraph)
            operation.IsSpent = true;
        operation.Output.ReleaseGradientInStep();
    }
}

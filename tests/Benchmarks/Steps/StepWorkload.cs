namespace Benchmarks.Steps;

/// <summary>A model, its data and its optimizer: what is measured.</summary>
internal abstract class StepWorkload
{
    /// <summary>Trained numbers.</summary>
    public abstract long ParameterCount { get; }

    /// <summary>Target tokens of a batch, padding not counted, in the mean over the batches.</summary>
    public abstract double TargetTokens { get; }

    /// <summary>See <see cref="FlopCount"/>.</summary>
    public abstract double FlopPerStep { get; }

    /// <summary>Tokens that <see cref="Decode"/> makes for each row; 0 where the model does not decode.</summary>
    public virtual int DecodeLength => 0;

    /// <summary>One training step.</summary>
    /// <param name="number">From 0: which of the batches is next.</param>
    /// <returns>The loss before it.</returns>
    public double Step(int number)
    {
        double loss = Gradients(number);
        Update();
        return loss;
    }

    /// <summary>The part of a step before <see cref="Update"/>: forward and backward pass, and the norm where gradients are clipped.</summary>
    public abstract double Gradients(int number);

    /// <summary>The optimizer's part.</summary>
    public abstract void Update();

    /// <summary>The norm of all gradients once more, for its time; nothing where gradients are not clipped.</summary>
    public virtual void Norm()
    {
    }

    /// <summary>Switches dropout off, for all that follows but <see cref="Step"/>.</summary>
    public abstract void Evaluate();

    /// <summary>The loss of the first batch without gradients, as a validation computes it.</summary>
    public abstract double Forward();

    /// <summary>Greedy decoding of the first so many rows of the first batch, on cached keys and values.</summary>
    public virtual void Decode(int rows) => throw new NotSupportedException();
}

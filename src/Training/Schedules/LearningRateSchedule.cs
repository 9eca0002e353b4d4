namespace Transformer.Training.Schedules;

/// <summary>The learning rate of each step. A value: two schedules with the same settings are equal.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>η of step 1, 2, …</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 1.</exception>
    public double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        return Rate(step);
    }

    /// <summary>η of a step that is 1 or more.</summary>
    protected abstract double Rate(long step);
}

/// <summary>The same rate at every step.</summary>
/// <param name="Value">η.</param>
public sealed record ConstantSchedule(double Value) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Rate(long step) => Value;
}

/// <summary>
/// Linear warm-up to a peak, then decay with the inverse square root of the step: the schedule of Vaswani et al. 2017,
/// section 5.3, written with its peak.
/// </summary>
/// <param name="Peak">η at the end of the warm-up.</param>
/// <param name="WarmUpSteps">Steps up to the peak, 1 or more.</param>
public sealed record InverseSquareRootSchedule(double Peak, int WarmUpSteps) : LearningRateSchedule
{
    /// <summary>Steps up to the peak.</summary>
    public int WarmUpSteps { get; init; } = WarmUpSteps >= 1
        ? WarmUpSteps
        : throw new ArgumentOutOfRangeException(nameof(WarmUpSteps), WarmUpSteps, "The warm-up takes 1 step or more; without one every rate would be 0.");

    /// <summary>The paper's own peak: η = modelSize^−½ · min(step^−½, step · warmUp^−1.5).</summary>
    public static InverseSquareRootSchedule Noam(int modelSize, int warmUpSteps) =>
        new(1 / Math.Sqrt((double)modelSize * warmUpSteps), warmUpSteps);

    // η = peak · min(step / warmUp, √(warmUp / step))
    /// <inheritdoc/>
    protected override double Rate(long step) =>
        Peak * Math.Min((double)step / WarmUpSteps, Math.Sqrt((double)WarmUpSteps / step));
}

/// <summary>Linear warm-up to a peak, then half a cosine down to a floor (Loshchilov and Hutter 2017, section 3, one cycle).</summary>
/// <param name="Peak">η at the end of the warm-up.</param>
/// <param name="WarmUpSteps">Steps up to the peak; 0 for none.</param>
/// <param name="TotalSteps">The step at which the floor is reached, after the warm-up.</param>
/// <param name="Floor">η from there on.</param>
public sealed record CosineSchedule(double Peak, int WarmUpSteps, long TotalSteps, double Floor = 0) : LearningRateSchedule
{
    /// <summary>Steps up to the peak; 0 for none.</summary>
    public int WarmUpSteps { get; init; } = WarmUpSteps >= 0
        ? WarmUpSteps
        : throw new ArgumentOutOfRangeException(nameof(WarmUpSteps), WarmUpSteps, "The warm-up takes 0 steps or more.");

    /// <summary>The step at which the floor is reached.</summary>
    public long TotalSteps { get; init; } = TotalSteps > WarmUpSteps
        ? TotalSteps
        : throw new ArgumentOutOfRangeException(nameof(TotalSteps), TotalSteps, "The floor comes after the warm-up.");

    // η = floor + (peak − floor) (1 + cos(π (step − warmUp) / (total − warmUp))) / 2
    /// <inheritdoc/>
    protected override double Rate(long step)
    {
        if (step <= WarmUpSteps)
            return Peak * step / WarmUpSteps;
        double share = Math.Min(1, (double)(step - WarmUpSteps) / (TotalSteps - WarmUpSteps));
        return Floor + (Peak - Floor) * (1 + Math.Cos(Math.PI * share)) / 2;
    }
}

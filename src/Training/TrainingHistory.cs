namespace Transformer.Training;

/// <summary>The losses of a run from its beginning, whatever was resumed in between.</summary>
public sealed class TrainingHistory
{
    /// <summary>Mean training loss of the steps per target token, in nats, with label smoothing.</summary>
    public LossCurve Training { get; init; } = new();

    /// <summary>Validation loss per target token, in nats, without label smoothing.</summary>
    public LossCurve Validation { get; init; } = new();
}

/// <summary>
/// A curve over the steps of a run that never has more than <see cref="Most"/> points: when it is full, each two become their
/// mean, and from then on each point stands for twice as many losses.
/// </summary>
public sealed class LossCurve
{
    /// <summary>The largest number of points.</summary>
    public const int Most = 2000;

    private readonly List<LossPoint> points = [];

    /// <summary>Losses in a point.</summary>
    public int LossesInPoint { get; private set; } = 1;

    /// <summary>The points, each the mean of its losses and of their steps.</summary>
    public IReadOnlyList<LossPoint> Points => points;

    // Losses that do not fill a point yet.
    private int waiting;
    private double stepSum;
    private double lossSum;

    /// <summary>Adds the loss of a step.</summary>
    public void Add(double step, double loss)
    {
        stepSum += step;
        lossSum += loss;
        if (++waiting < LossesInPoint)
            return;
        points.Add(new LossPoint(stepSum / waiting, lossSum / waiting));
        (waiting, stepSum, lossSum) = (0, 0, 0);
        if (points.Count == Most)
            Halve();
    }

    /// <summary>All of the curve as numbers: losses in a point, those that wait and their two sums, then the points.</summary>
    internal double[] ToNumbers() =>
        [LossesInPoint, waiting, stepSum, lossSum, .. points.SelectMany(point => new[] { point.Step, point.Loss })];

    /// <summary>The curve that <see cref="ToNumbers"/> wrote.</summary>
    /// <exception cref="FormatException">It wrote no such numbers.</exception>
    internal static LossCurve FromNumbers(double[] numbers)
    {
        if (numbers is not [>= 1 and <= int.MaxValue, >= 0 and <= int.MaxValue, _, _, ..] || numbers.Length % 2 != 0)
            throw new FormatException("a loss curve begins with four numbers, and each of its points has two");
        LossCurve curve = new()
        {
            LossesInPoint = (int)numbers[0],
            waiting = (int)numbers[1],
            stepSum = numbers[2],
            lossSum = numbers[3],
        };
        curve.points.AddRange(numbers.Skip(4).Chunk(2).Select(pair => new LossPoint(pair[0], pair[1])));
        return curve;
    }

    private void Halve()
    {
        LossPoint[] halved = [.. points.Chunk(2).Select(two => new LossPoint(two.Average(point => point.Step), two.Average(point => point.Loss)))];
        points.Clear();
        points.AddRange(halved);
        LossesInPoint *= 2;
    }
}

/// <summary>A point of a <see cref="LossCurve"/>.</summary>
/// <param name="Step">The step, or the mean of several.</param>
/// <param name="Loss">In nats.</param>
public readonly record struct LossPoint(double Step, double Loss);

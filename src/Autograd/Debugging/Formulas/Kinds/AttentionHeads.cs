namespace Transformer.Autograd.Debugging;

/// <summary>
/// An attention's inputs, packed or not, as its heads see them: query, key, value and dy as [batch, head, position,
/// channel], weights and what leads to them as rows over sources.
/// </summary>
internal sealed class AttentionHeads
{
    public const int QueryPart = 0;
    public const int KeyPart = 1;
    public const int ValuePart = 2;
    private const int OutputGradientPart = 3;

    private readonly AttentionAttributes attributes;
    private readonly Symbol[] inputs;
    private readonly Symbol dy;
    private readonly RecordedAttention recorded;
    private readonly int[] sizes;
    private readonly int modelSize;

    // Rows [position][channel] of a head's part: read once, they are needed again for every weight.
    private readonly Dictionary<(int Part, int Batch, int Head), double[][]> rows = [];

    public AttentionHeads(OperationNumbers numbers)
    {
        attributes = numbers.Attributes<AttentionAttributes>();
        inputs = [.. Enumerable.Range(0, numbers.Operation.Inputs.Count).Select(input => numbers.Input(input, "x"))];
        dy = numbers.Dy;
        recorded = new(numbers.Operation, Scores);
        modelSize = numbers.OutputShape[2];
        TargetLength = numbers.OutputShape[1];
        SourceLength = inputs[^1].Shape[1];
        sizes = [numbers.OutputShape[0], attributes.HeadCount, TargetLength, SourceLength];
    }

    public int HeadSize => modelSize / attributes.HeadCount;

    public int TargetLength { get; }

    public int SourceLength { get; }

    public double DropoutRate => attributes.DropoutRate;

    /// <summary>√headSize.</summary>
    public Expression RootOfHeadSize => Expression.Sqrt(Expression.Named("d", HeadSize));

    /// <summary>Query, key or value, and the column within it.</summary>
    public static (int Part, int Column) PartOf(int input, int column, int modelSize)
    {
        (int within, int rest) = Math.DivRem(column, modelSize);
        return (input + within, rest);
    }

    public Expression Query(int batch, int head, Coordinate target, Coordinate channel) => Read("q", QueryPart, batch, head, target, channel);

    public Expression Key(int batch, int head, Coordinate source, Coordinate channel) => Read("k", KeyPart, batch, head, source, channel);

    public Expression Value(int batch, int head, Coordinate source, Coordinate channel) => Read("v", ValuePart, batch, head, source, channel);

    public Expression OutputGradient(int batch, int head, Coordinate target, Coordinate channel) =>
        Read("dy", OutputGradientPart, batch, head, target, channel);

    /// <summary>A recorded weight, before dropout.</summary>
    public Expression Weight(int batch, int head, Coordinate target, Coordinate source) =>
        Expression.Named($"w{new Place(batch, head, target, source)}", recorded.Weight(batch, head, target.Value, source.Value));

    /// <summary>A number, times what dropout makes of this weight where there is one.</summary>
    public Expression Dropped(int batch, int head, Coordinate target, Coordinate source, Expression number) =>
        DropoutRate == 0 ? number
        : Expression.Named($"m{new Place(batch, head, target, source)}", recorded.Kept(batch, head, target.Value, source.Value)) * number;

    /// <summary>False for a masked source, and for one that lies ahead where attention is causal.</summary>
    public bool IsAllowed(int batch, int head, int target, int source) =>
        AttentionMasks.MayAttend(attributes, sizes, [batch, head, target, source]);

    /// <summary>How many sources a target may not attend to; empty where it may attend to all.</summary>
    public string MaskText(int batch, int head, int target)
    {
        int masked = Enumerable.Range(0, SourceLength).Count(source => !IsAllowed(batch, head, target, source));
        return masked == 0 ? string.Empty : FormattableString.Invariant($"{masked} of {SourceLength} sources are masked");
    }

    /// <summary>q·k / √d over the sources; −∞ where masked.</summary>
    public double[] Scores(int batch, int head, int target)
    {
        double[] query = Rows(QueryPart, batch, head)[target];
        double[] scores = [.. Rows(KeyPart, batch, head).Select(key => Dot(query, key) / Math.Sqrt(HeadSize))];
        for (int source = 0; source < scores.Length; source++)
            scores[source] = IsAllowed(batch, head, target, source) ? scores[source] : double.NegativeInfinity;
        return scores;
    }

    /// <summary>The softmax of the scores; 0 everywhere where all are masked.</summary>
    public double[] WeightsFromScores(int batch, int head, int target) => RecordedAttention.Softmax(Scores(batch, head, target));

    /// <summary>dw[s] = m (dy · v[s]).</summary>
    public double[] WeightGradients(int batch, int head, int target)
    {
        double[] gradient = Rows(OutputGradientPart, batch, head)[target];
        double[] dw = [.. Rows(ValuePart, batch, head).Select(value => Dot(gradient, value))];
        for (int source = 0; source < dw.Length; source++)
            dw[source] *= recorded.Kept(batch, head, target, source);
        return dw;
    }

    /// <summary>ds[s] = w[s] (dw[s] − Σᵤ w[u] dw[u]).</summary>
    public double[] ScoreGradients(int batch, int head, int target)
    {
        double[] dw = WeightGradients(batch, head, target);
        double mean = 0;
        for (int source = 0; source < dw.Length; source++)
            mean += recorded.Weight(batch, head, target, source) * dw[source];
        for (int source = 0; source < dw.Length; source++)
            dw[source] = recorded.Weight(batch, head, target, source) * (dw[source] - mean);
        return dw;
    }

    private Expression Read(string letter, int part, int batch, int head, Coordinate position, Coordinate channel) =>
        Expression.Named(
            $"{letter}{new Place(batch, head, position, channel)}", Rows(part, batch, head)[position.Value][channel.Value]);

    private double[][] Rows(int part, int batch, int head)
    {
        if (rows.TryGetValue((part, batch, head), out double[][]? known))
            return known;
        // Query, key and value lie side by side where they are packed into one input.
        int input = Math.Min(part, inputs.Length - 1);
        Symbol all = part == OutputGradientPart ? dy : inputs[input];
        int first = part == OutputGradientPart ? 0 : (part - input) * modelSize;
        (int length, int width) = (all.Shape[1], all.Shape[2]);
        double[][] read = new double[length][];
        for (int position = 0; position < length; position++)
        {
            int begin = (((batch * length) + position) * width) + first + (head * HeadSize);
            read[position] = [.. Enumerable.Range(begin, HeadSize).Select(all.ValueAt)];
        }

        return rows[(part, batch, head)] = read;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}

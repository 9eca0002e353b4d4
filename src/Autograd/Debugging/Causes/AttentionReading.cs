namespace Transformer.Autograd.Debugging;

/// <summary>A recorded fused attention by batch, head, target and source, however its inputs are packed.</summary>
internal sealed class AttentionReading
{
    public const int Query = 0;
    public const int Key = 1;
    public const int Value = 2;

    private readonly RecordedOperation operation;
    private readonly AttentionAttributes attributes;
    private readonly int[] sizes;
    private readonly RecordedAttention recorded;

    public AttentionReading(RecordedOperation operation)
    {
        this.operation = operation;
        attributes = (AttentionAttributes)operation.Attributes!;
        ModelSize = operation.Output.Shape[2];
        HeadCount = attributes.HeadCount;
        HeadSize = ModelSize / HeadCount;
        Targets = operation.Output.Shape[1];
        Sources = operation.Inputs[^1].Shape[1];
        sizes = [operation.Output.Shape[0], HeadCount, Targets, Sources];
        recorded = new(operation, ScoresOf);
    }

    public int ModelSize { get; }

    public int HeadCount { get; }

    public int HeadSize { get; }

    public int Targets { get; }

    public int Sources { get; }

    /// <summary>1 / √headSize.</summary>
    public double Scaling => 1 / Math.Sqrt(HeadSize);

    /// <summary>Softmax's result before dropout.</summary>
    public double Weight(int batch, int head, int target, int source) => recorded.Weight(batch, head, target, source);

    /// <summary>What dropout multiplies the weight with; 1 without dropout.</summary>
    public double Kept(int batch, int head, int target, int source) => recorded.Kept(batch, head, target, source);

    /// <summary>What the masks allow.</summary>
    public bool MayAttend(int batch, int head, int target, int source) => AttentionMasks.MayAttend(attributes, sizes, [batch, head, target, source]);

    /// <summary>The query, key or value of a token in one channel of the model.</summary>
    public double Of(int role, int batch, int token, int channel) => operation.Inputs[InputOf(role)].Values.ValueAt(PlaceOf(role, batch, token, channel));

    /// <summary>The element of <see cref="InputOf"/>'s input that holds it.</summary>
    public int PlaceOf(int role, int batch, int token, int channel)
    {
        Shape shape = operation.Inputs[InputOf(role)].Shape;
        return (((batch * shape[1]) + token) * shape[2]) + ColumnOf(role) + channel;
    }

    /// <summary>Which input holds the queries, keys or values.</summary>
    public int InputOf(int role) => operation.Inputs.Count switch
    {
        1 => 0,
        2 => role == Query ? 0 : 1,
        _ => role,
    };

    /// <summary>What an element of an input is.</summary>
    public (int Role, int Batch, int Token, int Channel) Locate(int input, int position)
    {
        Shape shape = operation.Inputs[input].Shape;
        int part = position % shape[2] / ModelSize;
        int role = operation.Inputs.Count == 2 && input == 1 ? part + 1 : input + part;
        int row = position / shape[2];
        return (role, row / shape[1], row % shape[1], position % ModelSize);
    }

    public int Output(int batch, int target, int channel) => (((batch * Targets) + target) * ModelSize) + channel;

    private int ColumnOf(int role) => operation.Inputs.Count switch
    {
        1 => role * ModelSize,
        2 => role == Value ? ModelSize : 0,
        _ => 0,
    };

    // q·k / √d over the sources; −∞ where masked.
    private double[] ScoresOf(int batch, int head, int target)
    {
        double[] scores = new double[Sources];
        for (int source = 0; source < Sources; source++)
        {
            for (int channel = head * HeadSize; channel < (head + 1) * HeadSize; channel++)
                scores[source] += Of(Query, batch, target, channel) * Of(Key, batch, source, channel);
            scores[source] = MayAttend(batch, head, target, source) ? scores[source] * Scaling : double.NegativeInfinity;
        }

        return scores;
    }
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>Attention whose scores are not divided by √headSize (Vaswani et al. 2017, section 3.2.1).</summary>
internal static class MissingScale
{
    private const int Length = 4;
    private const int HeadSize = 128;

    public static PlantedBug Bug { get; } = new(
        "missing-scale",
        "Attention that learns nothing where it looks",
        """
        A layer of self-attention in double precision. Its output changes when the value projection is trained, but the query and
        the key projection hardly move: their gradients are hundreds of times smaller than those of the values.
        """,
        [
            new("goto end", "both passes are over"),
            new("gradients", "query.weight and key.weight get next to nothing, value.weight plenty"),
            new("why query.weight.grad[0, 0]", "a saturated softmax: its derivative y (1 - y) is 0 wherever y is 0 or 1"),
            new("break if max(weights) > 0.999", "a softmax over four tokens should not be that sure before training"),
            new("reverse-continue", "back to where it became so"),
            new("stats scores", "scores of size 30: products of 128 pairs of numbers near 1 spread by √128 = 11"),
            new("source scores", "the line: a product, and no division"),
        ],
        """
        The scores were not divided by √headSize, so that softmax gets numbers eleven times too large. The right line:
          Tensor scores = query.MatMul(key, transposeOther: true) / Math.Sqrt(HeadSize);
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(15);
        Tensor x = Tensor.Normal([Length, HeadSize], streams.NextInitialKey(), dtype: DType.Float64).Named("x");
        Tensor wanted = Tensor.Normal([Length, HeadSize], streams.NextInitialKey(), dtype: DType.Float64).Named("wanted");
        Projections projections = new(streams);

        using Recorder recorder = new();
        Tensor query = projections.Query.Forward(x).Named("query");
        Tensor key = projections.Key.Forward(x).Named("key");
        Tensor value = projections.Value.Forward(x).Named("value");
        Tensor scores;
        if (healthy)
            scores = query.MatMul(key, transposeOther: true) / Math.Sqrt(HeadSize);
        else // planted
            scores = query.MatMul(key, transposeOther: true);
        Tensor weights = scores.Named("scores").Softmax().Named("weights");
        Tensor error = weights.MatMul(value) - wanted;
        Tensor loss = (error * error).Mean().Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }

    private sealed class Projections : Module
    {
        public Projections(RandomStreams streams)
        {
            Query = Register("query", new Linear(HeadSize, HeadSize, streams, DType.Float64));
            Key = Register("key", new Linear(HeadSize, HeadSize, streams, DType.Float64));
            Value = Register("value", new Linear(HeadSize, HeadSize, streams, DType.Float64));
        }

        public Linear Query { get; }

        public Linear Key { get; }

        public Linear Value { get; }
    }
}

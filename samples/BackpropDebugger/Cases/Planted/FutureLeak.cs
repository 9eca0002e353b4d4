using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>A language model whose causal mask is off by one.</summary>
internal static class FutureLeak
{
    private const int SymbolCount = 6;
    private const int ModelSize = 16;
    private const int Length = 8;
    private const int BatchSize = 8;
    private const int Steps = 150;

    public static PlantedBug Bug { get; } = new(
        "future-leak",
        "A model that foretells the throws of a die",
        """
        A small language model is to foretell the next throw of a die from those before. Nobody can do better than ln 6 = 1.79 nats
        a throw. After 150 steps this one is far below that.
        """,
        [
            new("print loss", "too good to be true: it sees what it is to foretell"),
            new("until weights[0, 0, 1] > 0", "does the first position look at a later one? It does"),
            new("print weights[0, 0, :]", "the first throw looks at the second"),
            new("heat weights", "and each at its successor: one diagonal above the main one"),
            new("back", "to the operation before, which masks"),
            new("source", "the line"),
        ],
        """
        The triangle keeps one diagonal too many: a position sees its successor, which is what it is to foretell. The right line:
          scores = scores.MaskedFill(Triangle(diagonal: 0), double.NegativeInfinity);
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(3);
        Model model = new(streams, healthy);
        Adam optimizer = new([.. model.Parameters()], learningRate: 0.02);
        for (uint step = 1; step <= Steps; step++)
        {
            using Step memory = new();
            streams.Step = step;
            model.ZeroGradients();
            model.Loss(streams).Backward();
            optimizer.Step();
        }

        using Recorder recorder = new();
        streams.Step++;
        model.ZeroGradients();
        model.Loss(streams).Named("loss").Backward();
        return recorder.ToRecording();
    }

    // True on the main diagonal and below it, and on as many diagonals above it as is said.
    private static Mask Triangle(int diagonal)
    {
        bool[] values = new bool[Length * Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = i % Length <= (i / Length) + diagonal;
        return new Mask(values, [Length, Length]);
    }

    private sealed class Model : Module
    {
        private readonly bool healthy;
        private readonly Embedding embedding;
        private readonly Embedding positions;
        private readonly Linear query;
        private readonly Linear output;

        public Model(RandomStreams streams, bool healthy)
        {
            this.healthy = healthy;
            embedding = Register("embedding", new Embedding(SymbolCount, ModelSize, null, streams));
            positions = Register("positions", new Embedding(Length, ModelSize, null, streams));
            query = Register("query", new Linear(ModelSize, ModelSize, streams));
            output = Register("output", new Linear(ModelSize, SymbolCount, streams));
        }

        public Tensor Loss(RandomStreams streams)
        {
            using ModuleScope scope = Enter();
            // New throws at each step: there is nothing to learn by heart.
            Tensor throws = Tensor.Uniform([BatchSize, Length + 1], streams.Key(1000), 0, SymbolCount);
            int[][] rows = [.. throws.ToDoubles().Select(number => (int)number).Chunk(Length + 1)];
            Indices inputs = new([.. rows.SelectMany(row => row[..^1])], [BatchSize, Length]);
            Indices next = new([.. rows.SelectMany(row => row[1..])], [BatchSize, Length]);

            Tensor places = positions.Forward(new Indices([.. Enumerable.Range(0, Length)]));
            Tensor x = embedding.Forward(inputs) + places;
            Tensor scores = query.Forward(x).MatMul(x, transposeOther: true);
            if (healthy)
                scores = scores.MaskedFill(Triangle(diagonal: 0), double.NegativeInfinity);
            else // planted
                scores = scores.MaskedFill(Triangle(diagonal: 1), double.NegativeInfinity);
            Tensor weights = scores.Softmax().Named("weights");
            return output.Forward(weights.MatMul(x)).CrossEntropy(next);
        }
    }
}

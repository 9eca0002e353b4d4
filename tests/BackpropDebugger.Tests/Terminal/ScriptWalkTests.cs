using System.Globalization;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Samples.BackpropDebugger.Terminal;
using Xunit;

namespace BackpropDebugger.Tests.Terminal;

/// <summary>A script walks to the end of the backward pass and back; what it prints is what Backward() leaves, to the last bit.</summary>
public class ScriptWalkTests
{
    private const int Few = 12;

    [Fact]
    public void Composed_attention_prints_the_engines_numbers() => Check(() =>
    {
        Tensor query = Tensor.From([1, 0.5, -1, 2, 0.1, 0.7], [3, 2], DType.Float64).AsLeaf().Named("query");
        Tensor key = Tensor.From([0.25, -0.75, 1.5, 1, -2, 0.1], [3, 2], DType.Float64).AsLeaf().Named("key");
        Tensor value = Tensor.From([1, 3, -0.5, 0.3, 0.9, -1], [3, 2], DType.Float64).AsLeaf().Named("value");
        Tensor weights = (query.MatMul(key, transposeOther: true) * (1 / Math.Sqrt(2))).Softmax();
        return ((weights.MatMul(value) * value).Sum(), [query, key, value]);
    });

    [Fact]
    public void A_whole_model_prints_the_engines_numbers() => Check(() =>
    {
        TransformerModel model = new(
            new TransformerConfiguration
            {
                SourceVocabularySize = 9,
                TargetVocabularySize = 8,
                ModelSize = 8,
                HeadCount = 2,
                FeedForwardSize = 12,
                EncoderLayerCount = 1,
                DecoderLayerCount = 2,
                DType = DType.Float64,
            },
            new RandomStreams(7));
        Tensor logits = model.Forward(new Indices([4, 5, 8, 2, 7, 2, 0, 0], [2, 4]), new Indices([1, 6, 4, 1, 7, 0], [2, 3]));
        Tensor loss = logits.CrossEntropy(new Indices([6, 4, 2, 7, 2, 0], [2, 3]), labelSmoothing: 0.1, ignoredTarget: 0);
        return (loss, [.. model.Parameters()]);
    });

    private static void Check(Func<(Tensor Loss, Tensor[] Leaves)> program)
    {
        (Tensor loss, Tensor[] leaves) = program();
        loss.Backward();
        Recording recording;
        using (Recorder recorder = new())
        {
            program().Loss.Backward();
            recording = recorder.ToRecording();
        }

        Check(recording, leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Gradient!));
    }

    // The leaves' gradients come from a backward pass that nobody recorded.
    private static void Check(Recording recording, IReadOnlyDictionary<string, Tensor> gradients)
    {
        string[] prints = [.. gradients.SelectMany(entry => Positions(entry.Value).Select(position => $"print {entry.Key}.grad{Index(entry.Value.Shape, position)}"))];
        using StringWriter output = new();
        CommandScript script = new("walk", ["format full", "next all", .. prints, "back all"]);
        Assert.Equal(0, script.Run(new DebugSession(recording), output, output));
        string text = output.ToString();

        string[] walk = Between(text, "> next all\n", "> print").Split('\n');
        foreach ((string name, Tensor gradient) in gradients)
        {
            string last = walk.Last(line => line.StartsWith($"  {name}.grad = ", StringComparison.Ordinal)).Split(" = ")[1];
            Assert.Equal(Expected(gradient), Numbers(last));
            Assert.All(Positions(gradient), position => Assert.Contains(
                $"> print {name}.grad{Index(gradient.Shape, position)}\n{name}.grad{Index(gradient.Shape, position)} = {gradient.ValueAt(position).ToString("R", CultureInfo.InvariantCulture)}\n",
                text, StringComparison.Ordinal));
        }

        // The same places on the way back, the last first.
        string[] forward = Places(string.Join('\n', walk));
        string[] back = Places(text[text.IndexOf("> back all\n", StringComparison.Ordinal)..]);
        Assert.Equal(recording.Timeline.Count, forward.Length);
        Assert.Equal(forward.Reverse().Skip(1), back);
    }

    // All numbers where there are few, else minimum, maximum, mean and norm.
    private static double[] Expected(Tensor gradient)
    {
        TensorStatistics statistics = TensorStatistics.Of(gradient);
        return gradient.Count <= Few ? gradient.ToDoubles() : [statistics.Min, statistics.Max, statistics.Mean, statistics.Norm];
    }

    private static double[] Numbers(string text) =>
    [
        .. text.Split(" zeros ")[0].Split([' ', ',', '{', '}'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word is not ("min" or "max" or "mean" or "norm"))
            .Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
    ];

    private static IEnumerable<int> Positions(Tensor tensor) => new[] { 0, tensor.Count / 3, tensor.Count - 1 }.Distinct();

    private static string Index(Shape shape, int position)
    {
        int[] index = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
            (position, index[axis]) = Math.DivRem(position, shape[axis]);
        return $"[{string.Join(", ", index)}]";
    }

    private static string[] Places(string text) =>
        [.. text.Split("event ")[1..].Select(place => place.Split("\nstart of")[0].TrimEnd('\n'))];

    private static string Between(string text, string first, string then)
    {
        int start = text.IndexOf(first, StringComparison.Ordinal) + first.Length;
        return text[start..text.IndexOf(then, start, StringComparison.Ordinal)];
    }
}

using System.Globalization;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;
using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace BackpropDebugger.Tests.Cases;

/// <summary>
/// A session walks through a recording, the engine through the same program without one: after each step the session
/// prints what the engine has, to the last bit, and again on the way back.
/// </summary>
public class WalkTests
{
    [Fact]
    public void The_numbers_of_the_attention_case_are_those_of_the_engine() =>
        WalkToTheEndAndBack(CaseRecordings.Of("attention"), AttentionCase.Loss(), elements: int.MaxValue);

    [Fact]
    public void The_numbers_of_a_whole_training_step_are_those_of_the_engine()
    {
        Recording recording;
        using (Recorder recorder = new())
        {
            ModelLoss().Named("loss").Backward();
            recording = recorder.ToRecording();
        }

        WalkToTheEndAndBack(recording, ModelLoss(), elements: 3);
    }

    private static Tensor ModelLoss()
    {
        TransformerModel model = new(
            new TransformerConfiguration
            {
                SourceVocabularySize = 12,
                TargetVocabularySize = 10,
                ModelSize = 16,
                HeadCount = 4,
                FeedForwardSize = 24,
                EncoderLayerCount = 2,
                DecoderLayerCount = 2,
                DType = DType.Float64,
            },
            new RandomStreams(3));
        Tensor logits = model.Forward(new Indices([4, 5, 11, 2, 7, 2, 0, 0], [2, 4]), new Indices([1, 6, 4, 1, 9, 0], [2, 3]));
        return logits.CrossEntropy(new Indices([6, 4, 2, 9, 2, 0], [2, 3]), labelSmoothing: 0.1, ignoredTarget: 0);
    }

    private static void WalkToTheEndAndBack(Recording recording, Tensor loss, int elements)
    {
        // In order of execution; the recording has those, too, through which no gradient flows.
        Dictionary<Operation, int> numbers = Graph(loss).OrderBy(operation => operation.Position)
            .Zip(recording.Operations.Where(operation => operation.IsOnTape), (made, recorded) => (made, recorded))
            .ToDictionary(pair => pair.made, pair => SameKind(pair.made, pair.recorded).Number);
        Dictionary<int, Operation> operations = numbers.ToDictionary(pair => pair.Value, pair => pair.Key);
        DebugSession session = new(recording);
        Do(session, "format full");
        List<(string Command, string Answer)[]> seen = [];
        foreach (RecordedOperation recorded in recording.Operations)
        {
            Do(session, "next");
            seen.Add(operations.TryGetValue(recorded.Number, out Operation? operation)
                ? Compare(session, Name(operation.Output, numbers), operation.Output, elements)
                : []);
        }

        Do(session, "next");
        seen.Add(Compare(session, "loss.grad", Tensor.Scalar(1, DType.Float64), elements));
        foreach (Operation operation in loss.BackwardSteps())
        {
            Do(session, "next");
            seen.Add([.. operation.Inputs.Distinct().Where(input => input.RequiresGradient)
                .SelectMany(input => Compare(session, Name(input, numbers) + ".grad", input.Gradient!, elements))]);
        }

        Assert.Equal(recording.Timeline.Count, session.Cursor);
        for (int i = seen.Count - 1; i >= 0; i--)
        {
            Assert.Equal(seen[i].Select(print => print.Answer), seen[i].Select(print => Do(session, print.Command)));
            Do(session, "back");
        }

        Assert.Equal(0, session.Cursor);
    }

    // Some elements, as the session prints them.
    private static (string Command, string Answer)[] Compare(DebugSession session, string name, Tensor expected, int elements)
    {
        int stride = Math.Max(1, expected.Count / elements);
        List<(string Command, string Answer)> prints = [];
        for (int position = 0; position < expected.Count; position += stride)
        {
            string command = $"print {name}{Index(expected.Shape, position)}";
            string answer = Do(session, command);
            double printed = double.Parse(answer[(answer.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected.ValueAt(position)), BitConverter.DoubleToInt64Bits(printed));
            prints.Add((command, answer));
        }

        return [.. prints];
    }

    // The operations that the loss depends on.
    private static HashSet<Operation> Graph(Tensor loss)
    {
        HashSet<Operation> found = [];
        Stack<Tensor> open = new([loss]);
        while (open.TryPop(out Tensor? tensor))
        {
            if (tensor.Producer is not { } producer || !found.Add(producer))
                continue;
            foreach (Tensor input in producer.Inputs)
                open.Push(input);
        }

        return found;
    }

    private static RecordedOperation SameKind(Operation made, RecordedOperation recorded)
    {
        Assert.Equal(made.Kind, recorded.Kind);
        return recorded;
    }

    private static string Name(Tensor tensor, Dictionary<Operation, int> numbers) =>
        tensor.Producer is { } producer ? FormattableString.Invariant($"#{numbers[producer]}") : tensor.Name;

    private static string Index(Shape shape, int position)
    {
        int[] index = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            index[axis] = position % shape[axis];
            position /= shape[axis];
        }

        return index.Length == 0 ? string.Empty : $"[{string.Join(", ", index)}]";
    }

    private static string Do(DebugSession session, string command)
    {
        CommandResult result = session.Execute(command);
        Assert.False(result.IsError, $"{command}: {result.Text}");
        return result.Text;
    }
}

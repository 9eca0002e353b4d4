using Autograd.Tests.Debugging.Sessions;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>
/// A recording that an earlier build made, kept beside this file, is read, replayed and explained by this build. It is written anew,
/// where the file's format or an operation's meaning changes on purpose, with
/// <c>GOLDEN_RECORDING=$PWD/tests/Autograd.Tests/Debugging/Replays/golden.safetensors dotnet test tests/Autograd.Tests --filter GoldenRecording</c>.
/// </summary>
public class GoldenRecordingTests
{
    private static readonly string FilePath = Path.Combine(AppContext.BaseDirectory, "Debugging", "Replays", "golden.safetensors");

    [Fact]
    public void A_recording_made_by_an_earlier_build_replays_to_the_same_bits()
    {
        Recording golden = RecordingFile.Load(FilePath);
        Assert.All(golden.Tensors, tensor => Assert.Equal((DType.Float32, true), (tensor.DType, tensor.Values.IsComplete)));
        Assert.Equal(RecordingBits.Of(golden), RecordingBits.Of(Replay.Run(golden).Recording));
    }

    [Fact]
    public void The_program_that_an_earlier_build_recorded_gives_the_same_bits_now() =>
        Assert.Equal(Numbers(RecordingFile.Load(FilePath)), Numbers(Record()));

    // ∂L/∂w[0,0] = Σ over the rows n of c[n,0] x[n,0] where ReLU lets it through: 1 · 0.5 − 0.5 · 1.5 = −0.25.
    // ∂L/∂w[1,0] = 4 · 1.5 = 6: in row 0 the second output is 1 − 0.75 + 1 − 1.5 < 0.
    [Fact]
    public void A_gradient_of_an_earlier_build_is_explained()
    {
        DebugSession session = new(RecordingFile.Load(FilePath));
        session.Do("goto end");
        string text = session.Do("explain w.grad[0, 0]");

        Assert.Contains("#1 Linear", text, StringComparison.Ordinal);
        Assert.Contains("= 1·0.5 − 0.5·1.5 = −0.25", text, StringComparison.Ordinal);
        Assert.Contains("= 0·0.5 + 4·1.5 = 6", session.Do("explain w.grad[1, 0]"), StringComparison.Ordinal);
    }

    [GoldenRecordingFact]
    public void Write_the_recording() => RecordingFile.Save(Record(), GoldenRecordingFactAttribute.Destination!);

    // The bits are those of every vector width: products and long sums have numbers that single precision holds exactly, however
    // they are added up; where numbers are rounded, a sum has two terms.
    private static Recording Record() => RecordedProgram.By(() =>
    {
        Recorder recorder = Recorder.Active!;
        recorder.AddFact("title", "golden");
        recorder.AddWords("source", [["ein", "Hund"]]);
        Tensor x = Tensor.From([0.5, -1, 2, 1.5, 0.25, -0.5], [2, 3]).AsLeaf().Named("x");
        Tensor w = Tensor.From([1, 0.5, -0.25, 2, 0.75, 0.5], [2, 3]).AsLeaf().Named("w");
        Tensor b = Tensor.From([0.75, -1.5], [2]).AsLeaf().Named("b");
        Tensor c = Tensor.From([1, 2, -0.5, 4], [2, 2]).Named("c");
        Tensor table = Tensor.From([0.1, 0.7, -1.3, 2.9, 0.3, -0.4], [3, 2]).AsLeaf().Named("table");

        Tensor exact;
        using (recorder.EnterModule("block", "Block"))
            exact = x.Linear(w, b).Relu() * c;
        Tensor rows = table.Gather(new Indices([2, 0]));
        Tensor rounded = (rows.Tanh() * 0.3) + (rows.Exp() / (rows * rows + 7)) - rows.Sigmoid().Sqrt();
        Tensor weights = rounded.MaskedFill(new Mask([true, true, false, true], [2, 2]), -1).Softmax().Named("weights");
        Tensor dropped = (weights * rows.Transpose()).Dropout(0.3, new RandomKey(7, 1, 2, 3));
        Tensor loss = (exact + dropped).Sum(0).Sum().Named("loss");
        loss.Backward();

        x.ZeroGradient();
        x[0, 0] = 9;
        (x * x).Sum().Backward();
    });

    // Without the lines of source code, which move when this file is edited.
    private static IEnumerable<(string, string)> Numbers(Recording recording) =>
    [
        .. recording.Tensors.Select(tensor => (tensor.Label, Bits(tensor.Values))),
        .. recording.Timeline.SelectMany(entry => entry.Contributions.Prepend(null).Select(contribution =>
            ($"{entry} {contribution?.Input.Label}", Bits(contribution is null ? entry.Gradient : contribution.Values)))),
    ];

    private static string Bits(RecordedValues? values) => values is null
        ? "none"
        : string.Join(' ', values.Values<float>().ToArray().Select(value => BitConverter.SingleToUInt32Bits(value).ToString("x8", null)));
}

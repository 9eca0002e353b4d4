using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Which tensors a recording knows, under which names, and what it keeps of them.</summary>
public class RecordedTensorTests
{
    private static Tensor Leaf(string name) => Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named(name);

    private static Recording Record(Action body, RecordingOptions? options = null)
    {
        using Recorder recorder = new(options);
        body();
        return recorder.ToRecording();
    }

    public static TheoryData<string> WaysOut => [.. Ways.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> Ways { get; } = new()
    {
        ["Detach"] = y => y.Detach(),
        ["Keep"] = y => y.Keep(),
        ["To"] = y => y.To(DType.Float32),
        ["Detach, Keep"] = y => y.Detach().Keep(),
        ["Keep, To"] = y => y.Keep().To(DType.Float32),
        ["Keep, Detach"] = y => y.Keep().Detach(),
    };

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void A_leaf_that_was_cut_off_tells_from_what(string way)
    {
        Recording recording = Record(() => Ways[way](Leaf("x").Tanh().Named("y")).Exp());
        Assert.Equal("y", recording.Operations[^1].Inputs[0].DetachedFrom?.Label);
        Assert.Null(recording.Operations[0].Inputs[0].DetachedFrom);
        Assert.False(recording.Operations[^1].IsOnTape);
    }

    // A reshape has the same memory, too, and is not what was cut off.
    [Fact]
    public void A_tensor_is_told_from_its_reshape()
    {
        Recording recording = Record(() =>
        {
            Tensor y = Tensor.Zeros([2, 3]).AsLeaf().Tanh();
            y.Reshape([3, 2]).Sum();
            y.Detach().Exp();
        });
        Assert.Equal("Tanh", recording.Operations[^1].Inputs[0].DetachedFrom?.Producer?.Kind);
    }

    [Fact]
    public void A_name_that_is_given_after_the_computation_counts()
    {
        Recording recording = Record(() => Leaf("x").Exp().Named("hidden").Sum());
        Assert.Equal(["x", "hidden", "#2"], recording.Tensors.Select(tensor => tensor.Label));
    }

    [Fact]
    public void An_edited_parameter_is_another_version_with_other_values()
    {
        Tensor w = Leaf("w");
        Recording recording = Record(() =>
        {
            w.Exp().Sum().Backward();
            w.Edit<double>(values => values[0] = 7);
            w.Exp().Sum().Backward();
        });
        RecordedTensor[] versions = [.. recording.Tensors.Where(tensor => tensor.Name == "w")];
        Assert.Equal([("w", 0.5), ("w@2", 7)], versions.Select(version => (version.Label, version.Values.ValueAt(0))));
        // One gradient, which the second pass found there.
        Assert.Equal(Graph.Bits(w.Gradient!), Graph.Bits(recording.GradientOf(versions[1])!.ToTensor(DType.Float64)));
        Assert.NotNull(versions[1].GradientBefore);
    }

    [Fact]
    public void What_runs_without_gradients_is_recorded_and_is_not_on_the_tape()
    {
        Recording recording = Record(() =>
        {
            Tensor x = Leaf("x");
            x.Exp();
            using NoGradient scope = new();
            x.Tanh();
            Tensor.Zeros([2]).Exp();
        });
        Assert.Equal([("Exp", true), ("Tanh", false), ("Exp", false)], recording.Operations.Select(o => (o.Kind, o.IsOnTape)));
        Assert.Equal([true, false, false], recording.Operations.Select(o => o.Output.RequiresGradient));
    }

    [Fact]
    public void A_large_tensor_leaves_statistics_and_is_listed()
    {
        Tensor large = Tensor.From([1, 2, -3, 0, double.NaN], dtype: DType.Float64).AsLeaf().Named("large");
        Recording recording = Record(() => large.Relu().Sum().Backward(), new RecordingOptions { LargestTensor = 4 });
        RecordedTensor recorded = recording.Tensors[0];
        Assert.False(recorded.Values.IsComplete);
        Assert.Equal(new TensorStatistics(5, -3, 2, 0, Math.Sqrt(14), 1, 1, 0), recorded.Values.Statistics);
        Assert.Contains("LargestTensor", Assert.Throws<ValuesLeftOutException>(() => recorded.Values.ValueAt(0)).Message, StringComparison.Ordinal);
        Assert.Equal(["large", "#1", "#1.grad", "#2.in0.grad", "#1.in0.grad"], recording.LeftOut.OrderBy(Order));

        static int Order(string address) => Array.IndexOf(["large", "#1", "#1.grad", "#2.in0.grad", "#1.in0.grad"], address);
    }

    [Fact]
    public void A_full_recording_leaves_statistics_of_the_rest()
    {
        Tensor x = Tensor.Full([100], 2, DType.Float64).Named("x");
        Recording recording = Record(() => x.Exp().Negate(), new RecordingOptions { LargestRecording = 1700 });
        Assert.Equal([true, true, false], recording.Tensors.Select(tensor => tensor.Values.IsComplete));
        Assert.Equal(["#2"], recording.LeftOut);
        Assert.Equal(-Math.Exp(2), recording.Tensors[2].Values.Statistics.Min);
        Assert.Empty(Record(() => x.Exp()).LeftOut);
    }

    [Fact]
    public void A_dropout_mask_is_what_the_output_was_multiplied_by()
    {
        Tensor x = Tensor.Normal([40], new RandomKey(1, 1, 0, 0), dtype: DType.Float64);
        Tensor y = x;
        Recording recording = Record(() => y = x.Dropout(0.3, new RandomKey(5, 6, 7, 8)));
        Tensor mask = recording.Operations[0].Saved["mask"].ToTensor(DType.Float64);
        Assert.Equal(y.ToDoubles(), (x * mask).ToDoubles());
        Assert.Contains(0.0, mask.ToDoubles());
    }

    [Fact]
    public void A_recording_outlives_its_step()
    {
        Tensor w = Leaf("w");
        Recording recording = null!;
        double loss = 0;
        using (Recorder recorder = new())
        {
            using (Step step = new())
            {
                Tensor y = (w * w).Tanh().Sum();
                y.Backward();
                loss = y.Item();
            }

            using (Step other = new())
                (Leaf("other") * 1000).Exp().Sum().Backward();
            recording = recorder.ToRecording();
        }

        Assert.Equal(loss, recording.Operations[2].Output.Values.ValueAt(0));
        Assert.Equal(Graph.Bits(w.Gradient!), Graph.Bits(recording.GradientOf(recording.Tensors[0])!.ToTensor(DType.Float64)));
    }
}

using System.Text.Json.Nodes;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>The file as other programs see it: read here by a few lines that know the format's description and nothing of ours.</summary>
public class RecordingFormatTests
{
    // L = Σ tanh(W x): ∂L/∂(W x) = 1 − tanh²(W x), ∂L/∂W = that times xᵀ.
    private static RecordingBytes File()
    {
        Tensor weight = Tensor.From([1, -2, 0.5, 3], [2, 2], DType.Float64).AsLeaf().Named("linear1.weight");
        Tensor x = Tensor.From([0.25, 2], [1, 2], DType.Float64);
        return new RecordingBytes(RecordingBytes.Of(RecordingSamples.Of(() => x.Linear(weight).Tanh().Sum())));
    }

    [Fact]
    public void Tensors_have_the_names_that_commands_use()
    {
        RecordingBytes file = File();
        double[] y = [0.25 - 4, 0.125 + 6];
        double[] slope = [.. y.Select(value => 1 - (Math.Tanh(value) * Math.Tanh(value)))];
        Assert.Equal([0.25, 2], file.Numbers("leaf0"));
        Assert.Equal([1, -2, 0.5, 3], file.Numbers("linear1.weight"));
        Assert.Equal(y, file.Numbers("#1"));
        Assert.Equal(slope, file.Numbers("#1.grad"), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(
            [slope[0] * 0.25, slope[0] * 2, slope[1] * 0.25, slope[1] * 2], file.Numbers("#1.in1.grad"), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1], file.Numbers("#3.grad"));
        Assert.Equal("[2,2]", file.Header["#1.in1.grad"]!["shape"]!.ToJsonString());
    }

    [Fact]
    public void Metadata_holds_version_hash_and_graph_as_texts()
    {
        RecordingBytes file = File();
        Assert.Equal(["file_sha256", "recording", "recording_version"], file.Metadata.Select(text => text.Key));
        Assert.Equal("1", (string)file.Metadata["recording_version"]!);
        JsonObject graph = file.Graph;
        Assert.Equal(["Linear", "Tanh", "Sum"], graph["operations"]!.AsArray().Select(operation => (string)operation!["kind"]!));
        Assert.Equal("[0,1]", graph["operations"]![0]!["inputs"]!.ToJsonString());
        Assert.Equal("linear1.weight", (string)graph["tensors"]![1]!["values"]!);
        Assert.Equal(
            ["forward 1", "forward 2", "forward 3", "backward_start ", "backward 3", "backward 2", "backward 1"],
            graph["timeline"]!.AsArray().Select(entry => $"{entry!["kind"]} {entry["operation"]}"));
        Assert.Equal(
            """[{"input":1,"values":"#1.in1.grad"}]""", graph["timeline"]![6]!["contributions"]!.ToJsonString());
    }

    [Fact]
    public void A_mask_is_written_once_as_packed_bits()
    {
        // Bits 0, 2, 3 and 9 of ten: bytes 0b1101 and 0b10.
        Mask mask = new([true, false, true, true, false, false, false, false, false, true], [10]);
        Tensor x = Tensor.Full([10], 1).AsLeaf();
        JsonObject graph = new RecordingBytes(RecordingBytes.Of(RecordingSamples.Of(() => x.MaskedFill(mask, 0).MaskedFill(mask, 1)))).Graph;
        Assert.Equal($$"""[{"shape":[10],"bits":"{{Convert.ToBase64String([0b1101, 0b10])}}"}]""", graph["masks"]!.ToJsonString());
        Assert.Equal([0, 0], graph["operations"]!.AsArray().Select(operation => (int)operation!["attributes"]!["condition"]!));
    }

    [Fact]
    public void Tensors_of_one_name_and_of_names_like_ours_are_kept_apart()
    {
        string[] names = ["x", "x", "#1", "__metadata__", "x (2)", "\ud800"];
        Tensor[] leaves = [.. names.Select((name, i) => Tensor.From([i], dtype: DType.Float64).AsLeaf().Named(name))];
        RecordingBytes file = new(RecordingBytes.Of(RecordingSamples.Of(() => Tensor.Concatenate(0, leaves))));
        string[] stored = [.. file.Graph["tensors"]!.AsArray().Take(names.Length).Select(tensor => (string)tensor!["values"]!)];
        Assert.Equal(["x", "x (2)", "#1", "__metadata__ (2)", "x (2) (2)", "\ufffd"], stored);
        Assert.Equal([0, 1, 2, 3, 4, 5], stored.SelectMany(file.Numbers));
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Numbers("#1 (2)"));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    [InlineData("")]
    public void A_file_of_another_format_version_is_refused_and_the_message_says_so(string version)
    {
        RecordingBytes file = File();
        file.Metadata["recording_version"] = version;
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RecordingBytes.Read(file.ToArray()));
        Assert.Equal(
            $"given.safetensors: is a recording of format version '{version}', and this program reads version '1'", error.Message);
    }

    [Fact]
    public void A_file_that_is_no_recording_is_refused_by_name()
    {
        RecordingBytes file = File();
        file.Metadata.Remove("recording");
        Assert.Equal(
            "given.safetensors: holds tensors and no recording",
            Assert.Throws<InvalidDataException>(() => RecordingBytes.Read(file.ToArray())).Message);
        Assert.Equal(
            "nowhere/step.safetensors: no such file",
            Assert.Throws<InvalidDataException>(() => RecordingFile.Load("nowhere/step.safetensors")).Message);
    }
}

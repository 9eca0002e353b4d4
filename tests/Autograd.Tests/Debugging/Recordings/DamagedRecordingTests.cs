using System.Text.Json.Nodes;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Autograd.Tests.Debugging;

public class DamagedRecordingTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = RecordingBytes.Of(RecordingSamples.Rich());
        int step = 1 + (whole.Length / 1500);
        for (int length = 0; length < whole.Length; length += step)
            Refuse(whole[..length]);
        Refuse(whole[..^1]);
        output.WriteLine($"{(whole.Length / step) + 2} truncations of {whole.Length} bytes: all refused");
    }

    [Fact]
    public void A_thousand_random_flips_of_one_bit_are_refused()
    {
        byte[] bytes = RecordingBytes.Of(RecordingSamples.Rich());
        Random random = new(Seed.Value);
        output.WriteLine($"seed {Seed.Value}");
        for (int i = 0; i < 1000; i++)
        {
            int bit = random.Next(bytes.Length * 8);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Refuse(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        RecordingBytes.Read(bytes);
    }

    [Fact]
    public void Structural_changes_with_a_valid_hash_are_refused_or_load_a_recording_that_saves_again()
    {
        byte[][] files =
        [
            RecordingBytes.Of(RecordingSamples.Rich()), RecordingBytes.Of(RecordingSamples.NonFinite(largestTensor: 2)),
            RecordingBytes.Of(RecordingSamples.Custom()), RecordingBytes.Of(WithAttention()), RecordingBytes.Of(WithFusedOperations()),
        ];
        Random random = new(Seed.Value);
        output.WriteLine($"seed {Seed.Value}");
        HashSet<string> reasons = [];
        int loaded = 0;
        const int Count = 800;
        for (int i = 0; i < Count; i++)
        {
            RecordingBytes file = new(files[i % files.Length]);
            JsonObject graph = file.Graph;
            for (int changes = random.Next(1, 3); changes > 0; changes--)
                JsonMutation.Change(graph, random);
            file.Graph = graph;
            try
            {
                Recording recording = RecordingBytes.Read(file.ToArray());
                RecordingEquality.AssertSame(recording, RecordingBytes.Read(RecordingBytes.Of(recording)));
                Use(recording);
                loaded++;
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith("given.safetensors: ", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(error.Message, char.IsControl);
                reasons.Add(new string([.. error.Message.Where(character => !char.IsAsciiDigit(character))]));
            }
        }

        output.WriteLine($"{Count} changed recordings: {loaded} loaded, {Count - loaded} refused for {reasons.Count} reasons, 0 crashed");
        Assert.InRange(loaded, 1, Count / 2);
        Assert.True(reasons.Count > 50, $"{reasons.Count} reasons");
    }

    public static TheoryData<string, string, string> Lies => new()
    {
        // Where, what is put there (null takes the field away), and what the message says.
        { "operations.1.output", "2", "which #1 Linear has computed" },
        { "operations.0.inputs", "[0, 99]", "is not a whole number from 0 to" },
        { "operations.0.inputs", "[0, 4]", "cannot be: Linear" },
        { "operations.0.inputs", "[]", "several dtypes" },
        { "operations.3.inputs", "[5]", "before it is computed" },
        { "operations.1.kind", "\"Softmax\"", "attributes of another kind" },
        { "operations.1.kind", "7", "is not a text" },
        { "operations.1.attributes.correction", "1.5", "is not a whole number" },
        { "operations.1.attributes.end_axis", "9", "cannot be" },
        { "operations.1.saved.mean", "\"x\"", "whose mean is [2, 1]" },
        { "tensors.0.values", "\"nothing\"", "which the file does not have" },
        { "tensors.0.values", "\"weight\"", "is [3, 2] Float64 where [2, 2] Float64 is needed" },
        { "tensors.0.shape", "[4, 1]", "is needed" },
        { "tensors.0.shape", "[99999, 99999]", "more elements than an array can hold" },
        { "tensors.0.dtype", "\"F16\"", "neither F32 nor F64" },
        { "tensors.0.detached_from", "0", "is not a whole number from 0 to -1" },
        { "tensors.0.extra", "1", "unknown field extra" },
        { "timeline.0.operation", "2", "runs operation 2 where 1 is next" },
        { "timeline.0", "null", "runs operation 2 where 1 is next" },
        { "timeline", "[{\"kind\": \"forward\", \"operation\": 1}]", "ends before every operation has run forward" },
        { "timeline.3", "null", "is of #4 before it is computed" },
        { "timeline.4.pass", "2", "is not a whole number from 1 to 1" },
        { "timeline.3.kind", "\"sideways\"", "unknown kind 'sideways'" },
        { "timeline.5.gradient", "\"x\"", "is needed" },
        { "timeline.5.contributions.0.input", "1", "is not a whole number from 0 to 0" },
        { "operations.0.on_tape", "false", "not on the tape" },
        { "frames.0.file", "\"/etc/passwd\"", "outside the repository" },
        { "frames.0.file", "\"src/../../x\"", "outside the repository" },
        { "facts.vectorBits", "512", "is not a text" },
        { "words.source", "[\"ein\"]", "is not a list" },
        { "views", "{\"x\": {\"of\": \"weight\", \"shape\": [6]}}", "twice" },
        { "views", "{\"y\": {\"of\": \"weight\", \"shape\": [7]}}", "no tensor of that many elements" },
        { "views", "{\"y\": {\"of\": \"weight\", \"shape\": [6]}}", "does not say what 'y' is" },
        { "masks", "[{\"shape\": [9], \"bits\": \"AA==\"}]", "has no 9 bits" },
        { "masks", "[{\"shape\": [3], \"bits\": \"/w==\"}]", "has no 3 bits" },
        { "masks", "[{\"shape\": [2147483591], \"bits\": \"\"}]", "has no 2147483591 bits" },
        { "masks", "[{\"shape\": [1, 1, 3, 4], \"targets\": [1, 2], \"sources\": [4]}]", "lengths of 2 and 1 sequences" },
        { "masks", "[{\"shape\": [1, 1, 3, 4], \"targets\": [1, 1], \"sources\": [1, 3]}]", "do not make its shape [1, 1, 3, 4]" },
        { "masks", "[{\"shape\": [3, 4], \"targets\": [1, 2], \"sources\": [1, 3]}]", "do not make its shape" },
        { "masks", "[{\"shape\": [1, 1, 2, 2], \"targets\": [-1, 3], \"sources\": [1, 1]}]", "is not a whole number" },
        { "masks", "[{\"shape\": [1, 1, 0, 0], \"targets\": [2147483647, 2147483647, 2], \"sources\": [0, 0, 0]}]", "do not make its shape" },
        { "masks", "[{\"shape\": [1, 1, 2, 2], \"targets\": [2], \"sources\": [2], \"bits\": \"AA==\"}]", "unknown field bits" },
        { "indices", "[{\"shape\": [2], \"values\": [1]}]", "has 1 values" },
        { "left_out", "{\"y\": {\"shape\": [2], \"dtype\": \"F32\", \"min\": 2, \"max\": 1, \"mean\": 0, \"norm\": 1, \"zeros\": 0, \"nans\": 0, \"infinities\": 0}}", "contradict" },
        { "timeline", "{}", "is not a list" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_lie_with_a_valid_hash_is_refused_for_its_own_reason(string where, string value, string reason)
    {
        Tensor x = Tensor.From([1, 2, 3, 4], [2, 2], DType.Float64).AsLeaf().Named("x");
        Tensor weight = Tensor.From([1, -2, 0.5, 3, 1, 1], [3, 2], DType.Float64).AsLeaf().Named("weight");
        using Recorder recorder = new();
        recorder.AddWords("source", []);
        x.Linear(weight).Variance([-1], keepAxes: true).Sum().Tanh().Backward();
        RecordingBytes file = new(RecordingBytes.Of(recorder.ToRecording()));
        RecordingBytes.Read(file.ToArray());
        JsonObject graph = file.Graph;
        JsonMutation.Set(graph, where.Split('.'), value == "null" ? null : JsonNode.Parse(value));
        file.Graph = graph;
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RecordingBytes.Read(file.ToArray()));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static Recording WithAttention()
    {
        AttentionAttributes attributes = new(2, new Mask([true, true, false], [1, 1, 1, 3]), true, 0.3, new(1, 2, 3, 4));
        AttentionAttributes packed = new(2, Mask.Within(new Sequences(1, 2), new Sequences(2, 1)), false, 0, default);
        Tensor x = Tensor.Full([1, 3, 4], 0.5, DType.Float64).AsLeaf().Named("x");
        Tensor weight = Tensor.Full([4], 1, DType.Float64).AsLeaf().Named("norm.weight");
        return RecordingSamples.Of(() =>
            x.Attend(x, x, attributes).Attend(x, x, packed).LayerNorm(weight, weight).Permute(0, 2, 1).Slice(2, 1, 2).CrossEntropy(new Indices([0, 1, 0, 1], [1, 4]), 0.1)
                + Tensor.Concatenate(0, x, x).MatMul(weight.Reshape(4, 1)).Power(2).Max(0).Variance() * 0.5);
    }

    private static Recording WithFusedOperations()
    {
        RandomKey key = new(1, 2, 3, 4);
        Tensor table = Tensor.Full([3, 4], 0.5, DType.Float64).AsLeaf().Named("table");
        Tensor weight = Tensor.Full([4, 4], 0.25, DType.Float64).AsLeaf().Named("weight");
        Tensor norm = Tensor.Full([4], 1, DType.Float64).AsLeaf().Named("norm.weight");
        return RecordingSamples.Of(() =>
        {
            Tensor x = table.TokenEmbedding(new Indices([0, 2, 1, 1], [2, 2]), 2, weight, Indices.Range(1, 2), 0.1, key, paddingRow: 2);
            Tensor inner = x.ActivatedLinear(weight, norm, ActivationFunction.Gelu, 0.2, key);
            Tensor y = x.ResidualLayerNorm(inner, norm, norm, 0.3, key).ResidualDropout(inner, 0.4, key);
            return y.ProjectedCrossEntropy(weight, norm, new Indices([0, 3, 1, 2], [2, 2]), 0.1, 2);
        });
    }

    [Theory]
    [InlineData("operations.1.attributes.function", "\"Tanh\"", "has the unknown activation function 'Tanh'")]
    [InlineData("operations.1.attributes.function", "\"1\"", "has the unknown activation function '1'")]
    [InlineData("operations.0.attributes.rate", "1", "has a dropout rate that is not in [0, 1)")]
    [InlineData("operations.0.attributes.tokens", "1", "whose output is [2, 4], not [2, 2, 4]")]
    [InlineData("operations.2.saved.sum", "\"norm.weight\"", "whose sum is [2, 2, 4]")]
    [InlineData("operations.4.saved.logSumExp", "\"norm.weight\"", "whose logSumExp is [2, 2]")]
    [InlineData("operations.4.attributes.label_smoothing", "2", "with attributes that lie outside its input")]
    [InlineData("operations.4.kind", "\"CrossEntropy\"", "is a CrossEntropy with 3 inputs")]
    public void A_lie_about_a_fused_operation_is_refused_for_its_own_reason(string where, string value, string reason)
    {
        RecordingBytes file = new(RecordingBytes.Of(WithFusedOperations()));
        RecordingBytes.Read(file.ToArray());
        JsonObject graph = file.Graph;
        JsonMutation.Set(graph, where.Split('.'), JsonNode.Parse(value));
        file.Graph = graph;
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RecordingBytes.Read(file.ToArray()));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    // What every reader of a recording asks first.
    private static void Use(Recording recording)
    {
        foreach (RecordedTensor tensor in recording.Tensors)
        {
            Assert.Same(tensor, recording.Tensors[tensor.Id]);
            if (tensor.Values.IsComplete)
                recording.GradientEventsOf(tensor);
            _ = tensor.Values.Statistics;
            _ = tensor.ToString();
        }

        foreach (RecordedTensor tensor in recording.Tensors)
        {
            try
            {
                recording.GradientOf(tensor);
            }
            catch (ValuesLeftOutException)
            {
                // Contributions of which statistics alone were kept cannot be added up.
            }
        }

        Assert.All(recording.Timeline, entry => Assert.NotEmpty(entry.ToString()));
    }

    private static void Refuse(byte[] bytes)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => RecordingBytes.Read(bytes));
        Assert.StartsWith("given.safetensors: ", error.Message, StringComparison.Ordinal);
    }
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests.Operations;

public class AttentionTests
{
    private const int Heads = 2, HeadSize = 5, ModelSize = Heads * HeadSize;
    private static readonly Sequences targets = new(16, 0, 1, 33, 2, 17);
    private static readonly Sequences sources = new(17, 2, 15, 33, 0, 16);

    [Theory]
    [InlineData(DType.Float64, 1e-12)]
    [InlineData(DType.Float32, 1e-5)]
    public void Packed_sequences_are_the_composed_form_with_the_mask_written_out(DType dtype, double tolerance)
    {
        foreach (bool causal in (bool[])[false, true])
        {
            foreach (double rate in (double[])[0, 0.3])
            {
                AttentionAttributes attributes = new(Heads, Mask.Within(targets, sources), causal, rate, new RandomKey(1, 2, 3, 4));
                double[][] fused = OutputAndGradients(dtype, (q, k, v) => q.Attend(k, v, attributes));
                double[][] composed = OutputAndGradients(dtype, (q, k, v) => ComposedAttention.Attend(q, k, v, attributes, out _));
                AssertClose(composed, fused, tolerance);
            }
        }
    }

    [Fact]
    public void Packed_sequences_are_each_by_itself()
    {
        foreach (bool causal in (bool[])[false, true])
        {
            AttentionAttributes packed = new(Heads, Mask.Within(targets, sources), causal, 0, default);
            AttentionAttributes alone = new(Heads, null, causal, 0, default);
            double[][] together = OutputAndGradients(DType.Float64, (q, k, v) => q.Attend(k, v, packed));
            double[][] each = OutputAndGradients(DType.Float64, (q, k, v) => Tensor.Concatenate(1, [.. Enumerable.Range(0, targets.Count).Select(i =>
                Cut(q, targets, i).Attend(Cut(k, sources, i), Cut(v, sources, i), alone))]));
            AssertClose(each, together, 1e-14); // a target that is alone has a kernel of its own, which adds in another order
        }

        static Tensor Cut(Tensor x, Sequences sequences, int i) => x.Slice(1, sequences.Starts[i], sequences.Length(i));
    }

    [Fact]
    public void A_padded_batch_is_the_packed_one()
    {
        Sequences lengths = new(3, 7, 5);
        Tensor padded = Tensor.Normal([3, 7, 3 * ModelSize], new RandomKey(1, 0, 0, 0), 0, 1, DType.Float64);
        Mask mask = Mask.Padding(new Indices([.. Enumerable.Range(0, 21).Select(i => i % 7 < lengths.Length(i / 7) ? 1 : 0)], [3, 7]), 0);
        Tensor together = Tensor.Concatenate(1, [.. Enumerable.Range(0, 3).Select(i => padded.Slice(0, i, 1).Slice(1, 0, lengths.Length(i)))]);
        Tensor expected = together.AttendPacked(new AttentionAttributes(Heads, Mask.Within(lengths, lengths), false, 0, default));
        Tensor actual = padded.AttendPacked(new AttentionAttributes(Heads, mask, false, 0, default));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(
                expected.Slice(1, lengths.Starts[i], lengths.Length(i)).ToDoubles(), actual.Slice(0, i, 1).Slice(1, 0, lengths.Length(i)).ToDoubles());
        }
    }

    [Fact]
    public void What_is_kept_grows_with_the_length()
    {
        Assert.Equal(2 * Kept(1024), Kept(2048));

        static long Kept(int length)
        {
            Tensor packed = Tensor.Normal([1, length, 3 * ModelSize], new RandomKey(1, 0, 0, 0)).AsLeaf();
            Operation operation = packed.AttendPacked(new AttentionAttributes(Heads, null, true, 0.1, default)).Producer!;
            Assert.Equal(["inverse", "maximum"], operation.Saved.Select(saved => saved.Name).Order());
            return operation.Saved.Sum(saved => (long)saved.Values.Count) + operation.Output.Count;
        }
    }

    [Fact]
    public void Sequences_whose_weights_would_be_more_than_a_tensor_holds_can_be_packed()
    {
        Sequences many = new([.. Enumerable.Repeat(20, 1000)]);
        Tensor packed = Tensor.Normal([1, many.Total, 3 * 8], new RandomKey(1, 0, 0, 0)).AsLeaf();
        AttentionAttributes attributes = new(8, Mask.Within(many, many), true, 0.5, new RandomKey(1, 2, 3, 4));
        using Recorder recorder = new();
        Tensor y = packed.AttendPacked(attributes);
        y.Sum().Backward();

        // The last token's first head: weights 3.2 · 10⁹ − 20 and on.
        RecordedOperation recorded = recorder.ToRecording().Operations[0];
        Assert.DoesNotContain("weights", recorded.Saved.Keys);
        AttentionReading reading = new(recorded);
        int token = many.Total - 1;
        double expected = Enumerable.Range(token - 19, 20).Sum(source =>
            reading.Weight(0, 7, token, source) * reading.Kept(0, 7, token, source) * reading.Of(AttentionReading.Value, 0, source, 7));
        Assert.Equal(expected, y.ToDoubles()[^1], 1e-5);
        Assert.Equal([0, 2], Enumerable.Range(token - 19, 20).Select(source => reading.Kept(0, 7, token, source)).Distinct().Order());
        Assert.False(reading.MayAttend(0, 7, token, token - 20));
        Assert.False(reading.MayAttend(0, 7, token - 1, token));
    }

    [Fact]
    public void A_recording_has_the_weights_that_the_operation_did_not_keep()
    {
        AttentionAttributes attributes = new(Heads, Mask.Within(targets, sources), true, 0.3, new RandomKey(1, 2, 3, 4));
        using Recorder recorder = new();
        (Tensor q, Tensor k, Tensor v) = Inputs(DType.Float64);
        q.Attend(k, v, attributes, out Tensor weights).Sum().Backward();
        RecordedOperation recorded = recorder.ToRecording().Operations[0];
        Assert.Equal(weights.ToDoubles(), recorded.Saved["weights"].ToTensor(DType.Float64).ToDoubles());
        ComposedAttention.Attend(q, k, v, attributes, out Tensor composed);
        AssertClose([composed.ToDoubles()], [weights.ToDoubles()], 1e-12);
    }

    private static (Tensor Query, Tensor Key, Tensor Value) Inputs(DType dtype) => (
        Tensor.Normal([1, targets.Total, ModelSize], new RandomKey(1, 0, 0, 0), 0, 1, dtype).AsLeaf(),
        Tensor.Normal([1, sources.Total, ModelSize], new RandomKey(2, 0, 0, 0), 0, 1, dtype).AsLeaf(),
        Tensor.Normal([1, sources.Total, ModelSize], new RandomKey(3, 0, 0, 0), 0, 1, dtype).AsLeaf());

    private static double[][] OutputAndGradients(DType dtype, Func<Tensor, Tensor, Tensor, Tensor> attend)
    {
        (Tensor q, Tensor k, Tensor v) = Inputs(dtype);
        Tensor y = attend(q, k, v);
        (y * Tensor.Normal([1, targets.Total, ModelSize], new RandomKey(4, 0, 0, 0), 0, 1, dtype)).Sum().Backward();
        return [y.ToDoubles(), q.Gradient!.ToDoubles(), k.Gradient!.ToDoubles(), v.Gradient!.ToDoubles()];
    }

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance)
    {
        for (int part = 0; part < expected.Length; part++)
        {
            Assert.Equal(expected[part].Length, actual[part].Length);
            for (int i = 0; i < expected[part].Length; i++)
                Assert.InRange(actual[part][i], expected[part][i] - tolerance, expected[part][i] + tolerance);
        }
    }
}

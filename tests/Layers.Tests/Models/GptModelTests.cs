using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Models;

public class GptModelTests
{
    private const int Length = 5;
    private const int Vocabulary = 11;

    private static readonly GptConfiguration Small = new()
    {
        VocabularySize = Vocabulary,
        ModelSize = 8,
        HeadCount = 2,
        LayerCount = 2,
        MaximumLength = 7,
        DType = DType.Float64,
    };

    private static readonly Indices Tokens = new([4, 7, 10, 0, 3, 1, 1, 9, 6, 2], [2, Length]);
    private static readonly Indices Next = new([7, 10, 0, 3, 5, 1, 9, 6, 2, 8], [2, Length]);

    // x = E[t] + P;  for each layer x ← x + MultiHead(norm₁ x), x ← x + W₂ gelu(W₁ norm₂ x + b₁) + b₂;  logits = norm(x) Eᵀ
    [Fact]
    public void The_logits_are_those_of_the_formula_written_out()
    {
        GptModel model = Random();

        Tensor x = model.TokenEmbedding.Weight.Gather(Tokens) + model.Positions.Weight.Slice(0, 0, Length);
        foreach (EncoderLayer layer in model.Stack.Layers)
        {
            x += CausalAttention(layer.SelfAttention, layer.Norm1.Forward(x));
            x += Affine(Gelu(Affine(layer.Norm2.Forward(x), layer.FeedForward.First)), layer.FeedForward.Second);
        }

        Tensor expected = model.Stack.Norm.Forward(x).MatMul(model.TokenEmbedding.Weight, transposeOther: true);
        Tensor actual = model.Forward(Tokens);
        Assert.Equal([2, Length, Vocabulary], actual.Shape);
        Assert.Equal(expected.ToDoubles(), actual.ToDoubles(), Near);
    }

    [Fact]
    public void A_later_token_leaves_earlier_logits_as_they_are_to_the_bit_and_changes_its_own_and_later_ones()
    {
        GptModel model = Random();
        int[] tokens = Tokens.Values.ToArray();
        double[] before = model.Forward(new Indices(tokens, Tokens.Shape)).ToDoubles();
        const int Changed = 3;
        tokens[Changed] = 5;

        double[] after = model.Forward(new Indices(tokens, Tokens.Shape)).ToDoubles();

        Assert.Equal(before[..(Changed * Vocabulary)], after[..(Changed * Vocabulary)]);
        for (int position = Changed; position < Length; position++)
        {
            Range row = (position * Vocabulary)..((position + 1) * Vocabulary);
            Assert.Contains(before[row].Zip(after[row]), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
        }

        // The other sentence of the batch has nothing to do with it.
        Assert.Equal(before[(Length * Vocabulary)..], after[(Length * Vocabulary)..]);
    }

    // L = −mean over positions of ln softmax(logits)[next]
    [Fact]
    public void The_loss_is_the_mean_of_minus_the_log_probabilities_of_the_next_tokens()
    {
        GptModel model = Random();
        double[] logits = model.Forward(Tokens).ToDoubles();
        double sum = 0;
        foreach ((double[] row, int next) in logits.Chunk(Vocabulary).Zip(Next.Values.ToArray()))
            sum -= row[next] - Math.Log(row.Sum(Math.Exp));

        Assert.Equal(sum / Next.Shape.ElementCount, model.Loss(Tokens, Next).Item(), 1e-12);
    }

    [Fact]
    public void Keys_are_those_of_PyTorchs_encoder_layers_and_the_output_has_none()
    {
        GptModel model = new(Small with { LayerCount = 1 }, new RandomStreams(1));
        Assert.Equal(
            [
                "token_embedding.weight [11, 8]", "positions.weight [7, 8]",
                "layers.0.self_attn.in_proj_weight [24, 8]", "layers.0.self_attn.in_proj_bias [24]",
                "layers.0.self_attn.out_proj.weight [8, 8]", "layers.0.self_attn.out_proj.bias [8]",
                "layers.0.linear1.weight [32, 8]", "layers.0.linear1.bias [32]",
                "layers.0.linear2.weight [8, 32]", "layers.0.linear2.bias [8]",
                "layers.0.norm1.weight [8]", "layers.0.norm1.bias [8]", "layers.0.norm2.weight [8]", "layers.0.norm2.bias [8]",
                "norm.weight [8]", "norm.bias [8]",
            ],
            model.NamedParameters().Select(entry => $"{entry.Name} {entry.Parameter.Shape}"));
    }

    [Fact]
    public void Matrices_start_with_deviation_0_02_biases_at_0_and_norms_at_1()
    {
        GptModel model = new(Small with { ModelSize = 64, VocabularySize = 100 }, new RandomStreams(1));
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            double[] values = parameter.ToDoubles();
            if (parameter.Rank == 1)
                Assert.All(values, value => Assert.Equal(name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0, value));
            else
                Assert.Equal(0.02, Math.Sqrt(values.Average(value => value * value)), 0.02 * 6 / Math.Sqrt(2.0 * values.Length));
        }
    }

    [Fact]
    public void Dropout_draws_anew_in_each_step_and_nothing_in_evaluation()
    {
        RandomStreams streams = new(1);
        GptModel model = new(Small with { DropoutRate = 0.3 }, streams);
        GptModel without = new(Small, new RandomStreams(1));
        double First(uint step)
        {
            streams.Step = step;
            return model.Loss(Tokens, Next).Item();
        }

        double first = First(1);
        Assert.Equal(first, First(1));
        Assert.NotEqual(first, First(2));
        model.Evaluate();
        Assert.Equal(without.Loss(Tokens, Next).Item(), First(1));
    }

    [Fact]
    public void Plain_gradient_descent_learns_a_batch_by_heart()
    {
        GptModel model = new(Small, new RandomStreams(1));
        double first = 0;
        double last = 0;
        for (int i = 0; i < 300; i++)
        {
            using Step step = new();
            model.ZeroGradients();
            Tensor loss = model.Loss(Tokens, Next);
            loss.Backward();
            foreach (Parameter parameter in model.Parameters())
                parameter.CopyFrom(parameter.Detach() - (parameter.Gradient! * 0.2));
            last = loss.Item();
            first = i == 0 ? last : first;
        }

        // At first all tokens are about equally likely.
        Assert.Equal(Math.Log(Vocabulary), first, 0.1);
        Assert.True(last < 0.05, $"{last}");
    }

    [Fact]
    public void Sequences_that_are_too_long_and_tokens_without_a_batch_are_refused()
    {
        GptModel model = new(Small, new RandomStreams(1));
        Assert.Contains("maximum length 7", Assert.Throws<ArgumentException>(() => model.Forward(new(new int[8], [1, 8]))).Message, StringComparison.Ordinal);
        Assert.Contains("[batch, length], not [3]", Assert.Throws<ArgumentException>(() => model.Forward(new([1, 2, 3]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Forward(new([Vocabulary], [1, 1])));
    }

    [Fact]
    public void A_configuration_that_cannot_be_is_refused_with_the_rule()
    {
        AssertRefused(Small with { HeadCount = 3 }, "ModelSize 8 does not divide into 3 heads; make it a multiple of HeadCount, such as 9");
        AssertRefused(Small with { VocabularySize = 0 }, "VocabularySize is 1 or more, not 0");
        AssertRefused(Small with { MaximumLength = 0 }, "MaximumLength is 1 or more, not 0");
        AssertRefused(Small with { LayerCount = -1 }, "LayerCount is 0 or more, not -1");
        AssertRefused(Small with { DropoutRate = 1 }, "DropoutRate is a probability from 0 to below 1, not 1");

        static void AssertRefused(GptConfiguration configuration, string rule) => Assert.Contains(
            rule, Assert.Throws<ArgumentException>(() => new GptModel(configuration, new RandomStreams(1))).Message, StringComparison.Ordinal);
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) <= 1e-12;

    // Initial values so small that attention is nearly even would hide errors in it.
    private static GptModel Random()
    {
        GptModel model = new(Small, new RandomStreams(5));
        uint stream = 1000;
        foreach (Parameter parameter in model.Parameters())
            parameter.CopyFrom(parameter.Detach() + Tensor.Normal(parameter.Shape, new(3, stream++, 0, 0), 0, 0.4, DType.Float64));
        return model;
    }

    // Concat over heads of softmax(Q Kᵀ / √headSize + causal) V, then W_o
    private static Tensor CausalAttention(MultiHeadAttention attention, Tensor x)
    {
        const int HeadSize = 4;
        Tensor packed = x.MatMul(attention.InProjectionWeight, transposeOther: true) + attention.InProjectionBias;
        double[] future = new double[Length * Length];
        for (int i = 0; i < future.Length; i++)
            future[i] = i % Length > i / Length ? double.NegativeInfinity : 0;
        List<Tensor> heads = [];
        for (int head = 0; head < Small.HeadCount; head++)
        {
            Tensor q = packed.Slice(2, head * HeadSize, HeadSize);
            Tensor k = packed.Slice(2, Small.ModelSize + (head * HeadSize), HeadSize);
            Tensor v = packed.Slice(2, (2 * Small.ModelSize) + (head * HeadSize), HeadSize);
            Tensor scores = (q.MatMul(k, transposeOther: true) / Math.Sqrt(HeadSize)) + Tensor.From(future, [Length, Length], DType.Float64);
            heads.Add(scores.Softmax().MatMul(v));
        }

        return Affine(Tensor.Concatenate(2, [.. heads]), attention.OutProjection);
    }

    private static Tensor Affine(Tensor x, Linear linear) => x.MatMul(linear.Weight, transposeOther: true) + linear.Bias!;

    private static Tensor Gelu(Tensor x) => x * 0.5 * (((x + (x.Power(3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).Tanh() + 1);
}

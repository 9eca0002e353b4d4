using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>Scaled dot-product attention (Vaswani et al. 2017, section 3.2) of three tokens with two heads, from small operations.</summary>
internal static class AttentionCase
{
    private const int HeadCount = 2;
    private const int HeadSize = 2;
    private static readonly string[] Words = ["the", "cat", "sleeps"];

    private const string Text =
        """
        Three tokens of four numbers, two heads of two: softmax(Q Kᵀ / √2) V, each head by itself, then the output projection and
        a squared error. One operation at a time, all in double precision.

        Places to look at:
          print weights[0, 0, :, :]         who looks at whom in the first head; heat weights paints it
          break kind Softmax                then continue: stops there, forwards and backwards
          explain                           the derivative with the numbers of one element
          fd x[0, 1, 2]                     holds the gradient of an input against a difference
          why W_q.grad[0, 0]                from where that gradient came
        """;

    public static Case Case { get; } = new("attention", "Attention of three tokens with two heads", Text, [], Record);

    public static Recording Record()
    {
        using Recorder recorder = new();
        recorder.AddFact("title", "attention of three tokens with two heads");
        recorder.AddWords("source", [Words]);
        recorder.AddWords("target", [Words]);
        Loss().Backward();
        return recorder.ToRecording();
    }

    /// <summary>The forward pass.</summary>
    public static Tensor Loss()
    {
        // [batch, length, modelSize]; one row a token.
        Tensor x = Tensor.From([1, 0, 0.5, -1, 0, 2, -0.5, 1, 1.5, 1, 0, 0.5], [1, 3, 4], DType.Float64).AsLeaf().Named("x");
        Tensor queryWeight = Matrix("W_q", [1, 0, 0.5, 0], [0, 1, 0, -0.5], [0.5, 0, 1, 0], [0, -0.5, 0, 1]);
        Tensor keyWeight = Matrix("W_k", [0.5, 1, 0, 0], [1, -0.5, 0, 0.5], [0, 0, 1, 0.5], [0.5, 0, -1, 1]);
        Tensor valueWeight = Matrix("W_v", [1, 0, 0, 0.5], [0, 1, 0.5, 0], [0, -0.5, 1, 0], [0.5, 0, 0, 1]);
        Tensor outputWeight = Matrix("W_o", [1, 0, -0.5, 0], [0, 1, 0, 0.5], [0.5, 0, 1, 0], [0, -0.5, 0, 1]);
        Tensor wanted = Tensor.From([1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0], [1, 3, 4], DType.Float64).Named("wanted");

        Tensor query = SplitHeads(x.Linear(queryWeight)).Named("query");
        Tensor key = SplitHeads(x.Linear(keyWeight)).Named("key");
        Tensor value = SplitHeads(x.Linear(valueWeight)).Named("value");
        Tensor product = query.MatMul(key, transposeOther: true).Named("product");
        Tensor scores = (product * (1 / Math.Sqrt(HeadSize))).Named("scores");
        Tensor weights = scores.Softmax().Named("weights");
        Tensor heads = weights.MatMul(value).Named("heads");
        Tensor merged = heads.Permute(0, 2, 1, 3).Reshape(1, 3, HeadCount * HeadSize).Named("merged");
        Tensor output = merged.Linear(outputWeight).Named("output");
        Tensor error = (output - wanted).Named("error");
        return (error * error).Mean().Named("loss");
    }

    private static Tensor Matrix(string name, params double[][] rows) =>
        Tensor.From([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], DType.Float64).AsLeaf().Named(name);

    // [batch, length, modelSize] → [batch, head, length, headSize]
    private static Tensor SplitHeads(Tensor x) => x.Reshape(1, 3, HeadCount, HeadSize).Permute(0, 2, 1, 3);
}

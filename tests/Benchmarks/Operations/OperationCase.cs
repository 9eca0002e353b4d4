using Benchmarks.Suites;
using Transformer.Autograd;
using Transformer.Kernels;

namespace Benchmarks.Operations;

/// <summary>An operation on tensors of given shapes, under the name that it has in <c>pytorch/operations.py</c>, too.</summary>
/// <param name="Name">Operation and shape.</param>
/// <param name="Function">Maps the inputs to one output.</param>
/// <param name="Shapes">Of the inputs, all of which want a gradient.</param>
internal sealed record OperationCase(string Name, Func<Tensor[], Tensor> Function, params Shape[] Shapes)
{
    private static readonly Indices Targets = new(Numbers.Indices(1536, 8000));
    private static readonly Indices Positions = new([.. Enumerable.Range(0, 1536).Select(i => i % 64)]);
    private static readonly RandomKey Key = new(1, 2, 3, 4);

    public static IReadOnlyList<OperationCase> All { get; } =
    [
        new("softmax 12288 x 24", x => x[0].Softmax(), [12288, 24]),
        new("softmax 8192 x 1024", x => x[0].Softmax(), [8192, 1024]),
        new("layer norm 1536 x 128", x => x[0].LayerNorm(x[1], x[2]), [1536, 128], [128], [128]),
        new("gelu 1536 x 512", x => x[0].Gelu(), [1536, 512]),
        new("relu 1536 x 512", x => x[0].Relu(), [1536, 512]),
        new("add 1536 x 128", x => x[0] + x[1], [1536, 128], [1536, 128]),
        new("dropout 1536 x 512", x => x[0].Dropout(0.1, Key), [1536, 512]),
        new("linear 1536 x 128 to 512", x => x[0].Linear(x[1], x[2]), [1536, 128], [512, 128], [512]),
        new("linear 1536 x 128 to 8000", x => x[0].Linear(x[1], x[2]), [1536, 128], [8000, 128], [8000]),
        new("cross-entropy 1536 x 8000", x => x[0].CrossEntropy(Targets), [1536, 8000]),
        new("cross-entropy smoothed 1536 x 8000", x => x[0].CrossEntropy(Targets, labelSmoothing: 0.1), [1536, 8000]),
        new("embedding 1536 of 8000 x 128", x => x[0].Gather(Targets), [8000, 128]),
        Attention(64, 24, causal: false),
        Attention(64, 24, causal: true),
        Attention(4, 1024, causal: false),
        Attention(4, 1024, causal: true),
    ];

    /// <summary>What the layers run as one operation, at the sizes of the small translator; and reductions. PyTorch has no such operations.</summary>
    public static IReadOnlyList<OperationCase> Fused { get; } =
    [
        new("linear with relu and dropout 1536 x 128 to 512", x => x[0].ActivatedLinear(x[1], x[2], ActivationFunction.Relu, 0.1, Key), [1536, 128], [512, 128], [512]),
        new("linear with gelu 1536 x 192 to 768", x => x[0].ActivatedLinear(x[1], x[2], ActivationFunction.GeluTanh, 0, Key), [1536, 192], [768, 192], [768]),
        new("residual with dropout and layer norm 1536 x 128", x => x[0].ResidualLayerNorm(x[1], x[2], x[3], 0.1, Key), [1536, 128], [1536, 128], [128], [128]),
        new("residual with dropout 1536 x 128", x => x[0].ResidualDropout(x[1], 0.1, Key), [1536, 128], [1536, 128]),
        new("linear with cross-entropy 1536 x 128 to 8000", x => x[0].ProjectedCrossEntropy(x[1], x[2], Targets, labelSmoothing: 0.1), [1536, 128], [8000, 128], [8000]),
        new("embedding with positions and dropout 1536 of 8000 x 128", x => x[0].TokenEmbedding(Targets, Math.Sqrt(128), x[1], Positions, 0.1, Key), [8000, 128], [64, 128]),
        new("log-softmax 1536 x 8000", x => x[0].LogSoftmax(), [1536, 8000]),
        new("sum 1536 x 512 over rows", x => x[0].Sum(0), [1536, 512]),
        new("mean 1536 x 512 over columns", x => x[0].Mean(-1), [1536, 512]),
    ];

    private static OperationCase Attention(int batch, int length, bool causal)
    {
        const int HeadCount = 8;
        const int HeadSize = 16;
        AttentionAttributes attributes = new(HeadCount, null, causal, 0, default);
        Shape shape = [batch, length, HeadCount * HeadSize];
        return new(
            $"attention {(causal ? "causal " : string.Empty)}{batch} x {HeadCount} heads, length {length}",
            x => x[0].Attend(x[1], x[2], attributes, out _), shape, shape, shape);
    }
}

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

    public static IReadOnlyList<OperationCase> All { get; } =
    [
        new("softmax 12288 x 24", x => x[0].Softmax(), [12288, 24]),
        new("softmax 8192 x 1024", x => x[0].Softmax(), [8192, 1024]),
        new("layer norm 1536 x 128", x => x[0].LayerNorm(x[1], x[2]), [1536, 128], [128], [128]),
        new("gelu 1536 x 512", x => x[0].Gelu(), [1536, 512]),
        new("relu 1536 x 512", x => x[0].Relu(), [1536, 512]),
        new("add 1536 x 128", x => x[0] + x[1], [1536, 128], [1536, 128]),
        new("dropout 1536 x 512", x => x[0].Dropout(0.1, new RandomKey(1, 2, 3, 4)), [1536, 512]),
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

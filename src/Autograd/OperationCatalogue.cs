using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Transformer.Autograd;

/// <summary>
/// Every operation of the library by kind, with the function that makes it again from inputs and attributes: what
/// replay, recordings and the gradient tests work from. A new operation is one file and one row here.
/// </summary>
public static class OperationCatalogue
{
    private static readonly ConcurrentDictionary<string, Maker> Registered = new(StringComparer.Ordinal);

    /// <summary>Makes an operation, not applied yet, from its inputs and its attributes.</summary>
    public delegate Operation Maker(IReadOnlyList<Tensor> inputs, object? attributes);

    /// <summary>The library's kinds and their makers; see <see cref="Register"/> for those of a program.</summary>
    public static IReadOnlyDictionary<string, Maker> Makers { get; } = new Dictionary<string, Maker>
    {
        ["Add"] = (x, _) => new Add(x[0], x[1]),
        ["Subtract"] = (x, _) => new Subtract(x[0], x[1]),
        ["Multiply"] = (x, _) => new Multiply(x[0], x[1]),
        ["Divide"] = (x, _) => new Divide(x[0], x[1]),
        ["Negate"] = (x, _) => new Negate(x[0]),
        ["Scale"] = (x, a) => new Scale(x[0], (ScaleAttributes)a!),
        ["Power"] = (x, a) => new Power(x[0], (PowerAttributes)a!),
        ["Erf"] = (x, _) => new Erf(x[0]),
        ["Exp"] = (x, _) => new Exp(x[0]),
        ["Log"] = (x, _) => new Log(x[0]),
        ["Sqrt"] = (x, _) => new Sqrt(x[0]),
        ["Abs"] = (x, _) => new Abs(x[0]),
        ["Tanh"] = (x, _) => new Tanh(x[0]),
        ["Sigmoid"] = (x, _) => new Sigmoid(x[0]),
        ["Relu"] = (x, _) => new Relu(x[0]),
        ["Gelu"] = (x, _) => new Gelu(x[0]),
        ["GeluTanh"] = (x, _) => new GeluTanh(x[0]),
        ["Sum"] = (x, a) => new Sum(x[0], (ReductionAttributes)a!),
        ["Mean"] = (x, a) => new Mean(x[0], (ReductionAttributes)a!),
        ["Variance"] = (x, a) => new Variance(x[0], (VarianceAttributes)a!),
        ["Max"] = (x, a) => new Max(x[0], (ReductionAttributes)a!),
        ["Reshape"] = (x, a) => new Reshape(x[0], (ReshapeAttributes)a!),
        ["Permute"] = (x, a) => new Permute(x[0], (PermuteAttributes)a!),
        ["Concatenate"] = (x, a) => new Concatenate([.. x], (ConcatenateAttributes)a!),
        ["Slice"] = (x, a) => new Slice(x[0], (SliceAttributes)a!),
        ["Gather"] = (x, a) => new Gather(x[0], (GatherAttributes)a!),
        ["TokenEmbedding"] = (x, a) => new TokenEmbedding(x[0], x[1], (TokenEmbeddingAttributes)a!),
        ["Where"] = (x, a) => new Where(x[0], x[1], (WhereAttributes)a!),
        ["MatMul"] = (x, a) => new MatMul(x[0], x[1], (MatMulAttributes)a!),
        ["Linear"] = (x, _) => new Linear(x[0], x[1], x.Count > 2 ? x[2] : null),
        ["Softmax"] = (x, _) => new Softmax(x[0]),
        ["LogSoftmax"] = (x, _) => new LogSoftmax(x[0]),
        ["CrossEntropy"] = (x, a) => new CrossEntropy(x[0], (CrossEntropyAttributes)a!),
        ["ProjectedCrossEntropy"] = (x, a) => new ProjectedCrossEntropy(x[0], x[1], x.Count > 2 ? x[2] : null, (CrossEntropyAttributes)a!),
        ["LayerNorm"] = (x, a) => new LayerNorm(x[0], x[1], x[2], (LayerNormAttributes)a!),
        ["ResidualDropout"] = (x, a) => new ResidualDropout(x[0], x[1], (DropoutAttributes)a!),
        ["ResidualLayerNorm"] = (x, a) => new ResidualLayerNorm(x[0], x[1], x[2], x[3], (ResidualLayerNormAttributes)a!),
        ["ActivatedLinear"] = (x, a) => new ActivatedLinear(x[0], x[1], x.Count > 2 ? x[2] : null, (ActivatedLinearAttributes)a!),
        ["Dropout"] = (x, a) => new Dropout(x[0], (DropoutAttributes)a!),
        ["ScaledDotProductAttention"] = (x, a) => new ScaledDotProductAttention([.. x], (AttentionAttributes)a!),
    }.ToFrozenDictionary();

    /// <summary>
    /// Makes a program's own operation known, so that recordings of it can be replayed:
    /// <c>OperationCatalogue.Register("Cube", (x, _) => new Cube(x[0]));</c> A kind registered twice has the last maker.
    /// </summary>
    /// <param name="kind">Its <see cref="Operation.Kind"/>.</param>
    /// <param name="maker">Makes it from inputs and attributes.</param>
    /// <exception cref="ArgumentException">The library has an operation of that kind.</exception>
    public static void Register(string kind, Maker maker)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(maker);
        if (Makers.ContainsKey(kind))
            throw new ArgumentException($"OperationCatalogue: {kind} is an operation of the library; give yours another Kind.");
        Registered[kind] = maker;
    }

    /// <summary>True where <see cref="Make"/> can make operations of this kind.</summary>
    public static bool Knows(string kind) => Makers.ContainsKey(kind) || Registered.ContainsKey(kind);

    /// <summary>Makes an operation of the given kind, not applied yet.</summary>
    /// <exception cref="KeyNotFoundException">There is no such kind.</exception>
    public static Operation Make(string kind, IReadOnlyList<Tensor> inputs, object? attributes) =>
        Makers.TryGetValue(kind, out Maker? maker) || Registered.TryGetValue(kind, out maker)
            ? maker(inputs, attributes)
            : throw new KeyNotFoundException(
                $"OperationCatalogue: there is no operation {kind}. Make your own known with OperationCatalogue.Register(\"{kind}\", …).");
}

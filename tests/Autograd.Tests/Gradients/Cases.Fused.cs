using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Testing;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Gradients;

/// <content>Operations that do the work of several.</content>
public static partial class Cases
{
    private static IEnumerable<GradientCase> Fused() =>
    [
        Of("TokenEmbedding", "positions of the last axes, any rate", Shapes.OfRank(0, 3), d =>
        {
            (int rows, int places, int width) = (d.OneOf(1, 2, 5), d.OneOf(1, 3), d.OneOf(0, 1, 3, 3));
            (double rate, RandomKey key) = Dropped(d);
            Indices tokens = d.Indices(d.Shape, rows);
            Indices positions = d.Indices([.. d.Shape.Skip(d.Below(d.Shape.Rank + 1))], places);
            double scale = d.OneOf(1, -0.5, 3);
            return new(x => x[0].TokenEmbedding(tokens, scale, x[1], positions, rate, key), d.Leaf([rows, width]), d.Leaf([places, width]));
        }),
        Of("TokenEmbedding", "the same table for tokens and positions", Shapes.OfRank(0, 3), d =>
        {
            (double rate, RandomKey key) = Dropped(d);
            (Indices tokens, Indices positions) = (d.Indices(d.Shape, 4), d.Indices(d.Shape, 4));
            return new(x => x[0].TokenEmbedding(tokens, 2, x[0], positions, rate, key), d.Leaf([4, 2]));
        }),
        Of("ResidualDropout", "any rate, key held", Shapes.Any, d =>
        {
            (double rate, RandomKey key) = Dropped(d);
            return new(x => x[0].ResidualDropout(x[1], rate, key), d.Leaf(d.Shape), d.Leaf(d.Shape));
        }),
        Of("ResidualDropout", "the same tensor twice", Shapes.Any, d =>
        {
            (double rate, RandomKey key) = Dropped(d);
            return new(x => x[0].ResidualDropout(x[0], rate, key), d.Leaf(d.Shape));
        }),
        Of("ResidualLayerNorm", "any rows", Shapes.OfRank(1), d =>
        {
            Shape shape = WithoutOne(d.Shape, -1);
            double epsilon = Epsilon(d, shape);
            (double rate, RandomKey key) = Dropped(d);
            return new(
                x => x[0].ResidualLayerNorm(x[1], x[2], x[3], rate, key, epsilon),
                d.LeafOfDistinct(shape), d.Leaf(shape), d.LeafAwayFromZero([shape[-1]]), d.Leaf([shape[-1]]));
        }),
        Of("ResidualLayerNorm", "the sublayer's result alone", Shapes.OfRank(1), d =>
        {
            Shape shape = WithoutOne(d.Shape, -1);
            (double rate, RandomKey key) = Dropped(d);
            (Tensor x, Tensor weight) = (d.LeafOfDistinct(shape), d.LeafAwayFromZero([shape[-1]]));
            return new(
                t => x.To(t[0].DType).ResidualLayerNorm(t[0], weight.To(t[0].DType), weight.To(t[0].DType), rate, key, 0.1),
                d.Leaf(shape));
        }),
        Of("ResidualLayerNorm", "rows of one element", Shapes.OfRank(1), d =>
        {
            Tensor weight = d.Leaf([1]);
            (double rate, RandomKey key) = Dropped(d);
            Shape shape = d.Shape.With(-1, 1);
            return new(
                x => x[0].ResidualLayerNorm(x[1], weight.To(x[0].DType), weight.To(x[0].DType), rate, key), d.Leaf(shape), d.Leaf(shape));
        }) with { IsZeroEverywhere = true },
        Of("ActivatedLinear", "ReLU, away from its kink", Matrices, d =>
        {
            (int inputs, int outputs, bool hasBias) = (Size(d), Size(d), d.Coin());
            (double rate, RandomKey key) = Dropped(d);
            // Positive x, and weights of one sign for each output: no sum is near 0.
            Tensor x = d.Leaf([.. d.Shape, inputs], 0.3, 1.8);
            Tensor sign = d.LeafAwayFromZero([outputs, 1]);
            Tensor weight = (sign * d.Leaf([outputs, inputs], 0.3, 1.8)).To(DType.Float32).To(DType.Float64).AsLeaf();
            return hasBias
                ? new(t => t[0].ActivatedLinear(t[1], t[2], ActivationFunction.Relu, rate, key), x, weight, sign.Reshape(outputs).Keep().AsLeaf())
                : new(t => t[0].ActivatedLinear(t[1], null, ActivationFunction.Relu, rate, key), x, weight);
        }),
        Of("ActivatedLinear", "GELU in both forms", Matrices, d =>
        {
            (int inputs, int outputs, bool hasBias) = (Size(d), Size(d), d.Coin());
            (double rate, RandomKey key) = Dropped(d);
            ActivationFunction function = d.OneOf(ActivationFunction.Gelu, ActivationFunction.GeluTanh);
            (Tensor x, Tensor weight) = (d.Leaf([.. d.Shape, inputs]), d.Leaf([outputs, inputs]));
            return hasBias
                ? new(t => t[0].ActivatedLinear(t[1], t[2], function, rate, key), x, weight, d.Leaf([outputs]))
                : new(t => t[0].ActivatedLinear(t[1], null, function, rate, key), x, weight);
        }),
        Of("ActivatedLinear", "the same matrix as x and weight", Shapes.OfRank(1, 1), d =>
        {
            (double rate, RandomKey key) = Dropped(d);
            return new(x => x[0].ActivatedLinear(x[0], null, ActivationFunction.Gelu, rate, key), d.Leaf([d.Shape[0], d.OneOf(1, 3, 5)]));
        }),
        Of("ProjectedCrossEntropy", "with a bias, smoothed, some targets ignored", Shapes.OfRank(0, 3).NotEmpty with { MaximumCount = 15 }, d =>
            ProjectedCrossEntropy(d, hasBias: true)),
        Of("ProjectedCrossEntropy", "without a bias", Shapes.OfRank(0, 3).NotEmpty with { MaximumCount = 15 }, d =>
            ProjectedCrossEntropy(d, hasBias: false)),
        Of("ProjectedCrossEntropy", "the same matrix as x and weight", Shapes.OfRank(1, 1).NotEmpty, d =>
        {
            int rows = Math.Max(2, d.Shape[0]);
            Indices targets = d.Indices([rows], rows);
            return new(x => x[0].ProjectedCrossEntropy(x[0], null, targets), d.Leaf([rows, d.OneOf(1, 3, 5)]));
        }),
        Of("ProjectedCrossEntropy", "one class", Shapes.OfRank(0, 2).NotEmpty, d =>
        {
            Indices targets = d.Indices(d.Shape, 1);
            return new(x => x[0].ProjectedCrossEntropy(x[1], x[2], targets), d.Leaf([.. d.Shape, 3]), d.Leaf([1, 3]), d.Leaf([1]));
        }) with { IsZeroEverywhere = true },
    ];

    private static Shapes Matrices => Shapes.OfRank(0, 3) with { MaximumCount = 21 };

    private static (double Rate, RandomKey Key) Dropped(Draw d) => (d.OneOf(0, 0.1, 0.5), d.Key());

    private static GradientProblem ProjectedCrossEntropy(Draw d, bool hasBias)
    {
        (int size, int classes) = (d.OneOf(1, 2, 5), d.OneOf(2, 3, 7));
        double smoothing = d.OneOf(0, 0.1, 0.5);
        int ignored = d.OneOf(-1, -1, 0);
        int[] targets = [.. Enumerable.Range(0, d.Shape.ElementCount).Select(_ => d.Below(classes))];
        targets[^1] = classes - 1;
        Indices right = new(targets, d.Shape);
        Tensor x = d.Leaf([.. d.Shape, size]);
        Tensor weight = d.Leaf([classes, size]);
        return hasBias
            ? new(t => t[0].ProjectedCrossEntropy(t[1], t[2], right, smoothing, ignored), x, weight, d.Leaf([classes]))
            : new(t => t[0].ProjectedCrossEntropy(t[1], null, right, smoothing, ignored), x, weight);
    }
}

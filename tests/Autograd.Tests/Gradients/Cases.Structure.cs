using Transformer.Autograd;
using Transformer.Testing;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Gradients;

public static partial class Cases
{
    // Sizes of matrices; 0 seldom, for it empties everything.
    private static int Size(Draw d) => d.OneOf(1, 2, 3, 5, 2, 3, 1, 7, 0);

    private static IEnumerable<GradientCase> Layouts() =>
    [
        Of("Reshape", "to one axis, or with axes of 1", Shapes.Any, d =>
        {
            Shape shape = d.Coin() ? [d.Shape.ElementCount] : [1, .. d.Shape, 1];
            return new(x => x[0].Reshape(shape), d.Leaf(d.Shape));
        }),
        Of("Permute", "any order", Shapes.Any, d =>
        {
            int[] order = d.Permutation(d.Shape.Rank);
            return new(x => x[0].Permute(order), d.Leaf(d.Shape));
        }),
        Of("Permute", "a matrix plus its transpose", Shapes.OfRank(1, 1), d =>
            new(x => x[0] + x[0].Transpose(), d.Leaf([d.Shape[0], d.Shape[0]]))),
        Of("Concatenate", "parts of several lengths", Shapes.OfRank(1), d =>
        {
            int axis = d.Below(d.Shape.Rank);
            Tensor[] parts = [.. Enumerable.Range(0, 1 + d.Below(3)).Select(_ => d.Leaf(d.Shape.With(axis, d.Below(4))))];
            return new(x => Tensor.Concatenate(axis, [.. x]), parts);
        }),
        Of("Concatenate", "the same tensor twice", Shapes.OfRank(1), d =>
        {
            int axis = d.Below(d.Shape.Rank) - d.Shape.Rank;
            return new(x => Tensor.Concatenate(axis, x[0], x[0]), d.Leaf(d.Shape));
        }),
        Of("Slice", "along any axis", Shapes.OfRank(1), d =>
        {
            int axis = d.Below(d.Shape.Rank);
            int start = d.Below(d.Shape[axis] + 1);
            int length = d.Below(d.Shape[axis] - start + 1);
            return new(x => x[0].Slice(axis, start, length), d.Leaf(d.Shape));
        }),
        Of("Slice", "a split multiplied together", Shapes.OfRank(1), d =>
        {
            int axis = d.Below(d.Shape.Rank);
            int length = d.Shape[axis];
            return new(
                x =>
                {
                    Tensor[] parts = x[0].Split(axis, length, 1, length);
                    return parts[0] * parts[1] - parts[2];
                },
                d.Leaf(d.Shape.With(axis, (2 * length) + 1)));
        }),
        Of("Gather", "rows used several times or never", Shapes.OfRank(0, 3), d =>
        {
            int rows = d.OneOf(1, 2, 5);
            Indices indices = d.Indices(d.Shape, rows);
            return new(x => x[0].Gather(indices), d.Leaf([rows, d.OneOf(0, 1, 3, 3)]));
        }),
    ];

    private static IEnumerable<GradientCase> Products() =>
    [
        Of("MatMul", "batches broadcast, transposed or not", Shapes.OfRank(0, 3) with { MaximumCount = 6, Sizes = [0, 1, 2, 3] }, d =>
        {
            (int m, int k, int n) = (Size(d), Size(d), Size(d));
            (bool first, bool second) = (d.Coin(), d.Coin());
            (Shape batchA, Shape batchB) = d.Pair(d.Shape);
            return new(
                x => x[0].MatMul(x[1], first, second),
                d.Leaf(first ? [.. batchA, k, m] : [.. batchA, m, k]),
                d.Leaf(second ? [.. batchB, n, k] : [.. batchB, k, n]));
        }),
        Of("MatMul", "a matrix with itself", Shapes.OfRank(1, 1), d =>
        {
            (bool first, bool second) = (d.Coin(), d.Coin());
            return new(x => x[0].MatMul(x[0], first, second), d.Leaf([d.Shape[0], d.Shape[0]]));
        }),
        Of("Linear", "with a bias", Shapes.OfRank(0, 3) with { MaximumCount = 21 }, d =>
        {
            (int inputs, int outputs) = (Size(d), Size(d));
            return new(
                x => x[0].Linear(x[1], x[2]), d.Leaf([.. d.Shape, inputs]), d.Leaf([outputs, inputs]), d.Leaf([outputs]));
        }),
        Of("Linear", "without a bias", Shapes.OfRank(0, 3) with { MaximumCount = 21 }, d =>
        {
            (int inputs, int outputs) = (Size(d), Size(d));
            return new(x => x[0].Linear(x[1]), d.Leaf([.. d.Shape, inputs]), d.Leaf([outputs, inputs]));
        }),
        Of("Linear", "the same matrix as x and weight", Shapes.OfRank(1, 1), d =>
            new(x => x[0].Linear(x[0]), d.Leaf([d.Shape[0], d.OneOf(1, 3, 5)]))),
    ];

    private static IEnumerable<GradientCase> Normalizations() =>
    [
        Of("Softmax", "any axis", Shapes.OfRank(1), d =>
        {
            int axis = d.Below(d.Shape.Rank) - (d.Coin() ? d.Shape.Rank : 0);
            return new(x => x[0].Softmax(axis), d.Leaf(WithoutOne(d.Shape, axis)));
        }),
        Of("Softmax", "one element", Shapes.OfRank(1), d => new(x => x[0].Softmax(), d.Leaf(d.Shape.With(-1, 1)))) with { IsZeroEverywhere = true },
        Of("Softmax", "masked scores, some rows wholly", Shapes.OfRank(1), d =>
        {
            Mask keep = d.Mask(d.Shape);
            return new(x => x[0].MaskedFill(keep, double.NegativeInfinity).Softmax() * 2, d.Leaf(d.Shape));
        }),
        Of("LogSoftmax", "any axis", Shapes.OfRank(1), d =>
        {
            int axis = d.Below(d.Shape.Rank) - (d.Coin() ? d.Shape.Rank : 0);
            return new(x => x[0].LogSoftmax(axis), d.Leaf(WithoutOne(d.Shape, axis)));
        }),
        Of("LogSoftmax", "one element", Shapes.OfRank(1), d => new(x => x[0].LogSoftmax(), d.Leaf(d.Shape.With(-1, 1)))) with { IsZeroEverywhere = true },
        Of("CrossEntropy", "smoothed, some targets ignored", Shapes.OfRank(0, 3).NotEmpty with { MaximumCount = 21 }, d =>
        {
            int classes = d.OneOf(2, 3, 7);
            double smoothing = d.OneOf(0, 0.1, 0.5);
            int ignored = d.OneOf(-1, -1, 0);
            int[] targets = [.. Enumerable.Range(0, d.Shape.ElementCount).Select(_ => d.Below(classes))];
            targets[^1] = classes - 1;
            Indices right = new(targets, d.Shape);
            return new(x => x[0].CrossEntropy(right, smoothing, ignored), d.Leaf([.. d.Shape, classes], -3, 3));
        }),
        Of("CrossEntropy", "one class", Shapes.OfRank(0, 2).NotEmpty, d =>
        {
            Indices right = d.Indices(d.Shape, 1);
            return new(x => x[0].CrossEntropy(right), d.Leaf([.. d.Shape, 1]));
        }) with { IsZeroEverywhere = true },
        Of("LayerNorm", "any rows", Shapes.OfRank(1), d =>
        {
            Shape shape = WithoutOne(d.Shape, -1);
            double epsilon = Epsilon(d, shape);
            return new(
                x => x[0].LayerNorm(x[1], x[2], epsilon), d.LeafOfDistinct(shape), d.LeafAwayFromZero([shape[-1]]), d.Leaf([shape[-1]]));
        }),
        Of("LayerNorm", "the same tensor as weight and bias", Shapes.OfRank(1), d =>
        {
            Shape shape = WithoutOne(d.Shape, -1);
            double epsilon = Epsilon(d, shape);
            return new(x => x[0].LayerNorm(x[1], x[1], epsilon), d.LeafOfDistinct(shape), d.LeafAwayFromZero([shape[-1]]));
        }),
        Of("LayerNorm", "a vector with itself", Shapes.OfRank(1, 1), d =>
        {
            Shape shape = WithoutOne(d.Shape, -1);
            double epsilon = Epsilon(d, shape);
            return new(x => x[0].LayerNorm(x[0], x[0], epsilon), d.LeafOfDistinct(shape));
        }),
        Of("LayerNorm", "rows of one element, x alone", Shapes.OfRank(1), d =>
        {
            Tensor weight = d.Leaf([1]);
            return new(
                x => x[0].LayerNorm(weight.To(x[0].DType), weight.To(x[0].DType)), d.Leaf(d.Shape.With(-1, 1)));
        }) with { IsZeroEverywhere = true },
    ];

    private static IEnumerable<GradientCase> Attentions()
    {
        Shapes one = Shapes.OfRank(1, 1);
        yield return Of("ScaledDotProductAttention", "query, key and value", one, d => Attention(d, 3, Mask(d)));
        yield return Of("ScaledDotProductAttention", "query and packed key and value", one, d => Attention(d, 2, Mask(d)));
        yield return Of("ScaledDotProductAttention", "all packed", one, d => Attention(d, 1, Mask(d)));
        yield return Of("ScaledDotProductAttention", "the same tensor thrice", one, d =>
        {
            (_, int batch, int target, _, int heads, int size) = Sizes(d);
            AttentionAttributes attributes = new(heads, null, d.Coin(), d.OneOf(0, 0.3), d.Key());
            return new(x => x[0].Attend(x[0], x[0], attributes, out _), d.Leaf([batch, target, heads * size]));
        });
        yield return Of("ScaledDotProductAttention", "packed sequences", one, d =>
        {
            int heads = d.OneOf(1, 2);
            int size = d.OneOf(1, 3);
            Sequences targets = new(d.OneOf(1, 2, 3), d.OneOf(0, 1, 4), 2);
            Sequences sources = new(2, d.OneOf(0, 1, 3), d.OneOf(1, 3));
            AttentionAttributes attributes = new(heads, Transformer.Autograd.Mask.Within(targets, sources), d.Coin(), d.OneOf(0, 0.3), d.Key());
            return new(
                x => x[0].AttendPacked(x[1], attributes),
                d.Leaf([1, targets.Total, heads * size]), d.Leaf([1, sources.Total, 2 * heads * size]));
        });
        yield return Of("ScaledDotProductAttention", "fully masked rows", one, d => Attention(d, 3, (sizes, _) =>
            new Mask(new bool[sizes.Batch * sizes.Source], [sizes.Batch, 1, 1, sizes.Source]))) with
        { IsZeroEverywhere = true };
    }

    private static (Draw Draw, int Batch, int Target, int Source, int Heads, int Size) Sizes(Draw d) =>
        (d, d.OneOf(1, 2, 3, 0), d.OneOf(1, 2, 3, 5, 0), d.OneOf(2, 3, 5, 1, 0), d.OneOf(1, 2, 3), d.OneOf(1, 2, 5));

    private static Func<(Draw Draw, int Batch, int Target, int Source, int Heads, int Size), int, Mask?> Mask(Draw d) =>
        (sizes, target) => d.Below(4) switch
        {
            0 => null,
            1 => d.Mask([sizes.Batch, 1, 1, sizes.Source]),
            2 => d.Mask(d.Narrower([sizes.Batch, sizes.Heads, target, sizes.Source])),
            _ => d.Mask([sizes.Batch, sizes.Heads, target, sizes.Source]),
        };

    private static GradientProblem Attention(
        Draw d, int inputs, Func<(Draw Draw, int Batch, int Target, int Source, int Heads, int Size), int, Mask?> mask)
    {
        var sizes = Sizes(d);
        if (inputs == 1)
            sizes.Source = sizes.Target;
        int model = sizes.Heads * sizes.Size;
        AttentionAttributes attributes = new(
            sizes.Heads, mask(sizes, sizes.Target), d.Coin(), d.OneOf(0, 0, 0.3), d.Key());
        Tensor query = d.Leaf([sizes.Batch, sizes.Target, inputs == 1 ? 3 * model : model]);
        Shape source = [sizes.Batch, sizes.Source, inputs == 2 ? 2 * model : model];
        return inputs switch
        {
            1 => new(x => x[0].AttendPacked(attributes, out _), query),
            2 => new(x => x[0].AttendPacked(x[1], attributes, out _), query, d.Leaf(source)),
            _ => new(x => x[0].Attend(x[1], x[2], attributes, out _), query, d.Leaf(source), d.Leaf(source)),
        };
    }

    // Two elements normalize to ±1 whatever they are: but for ε the gradient is 0, and with a small one it is lost in rounding.
    private static double Epsilon(Draw d, Shape shape) => shape[-1] == 2 ? 0.1 : d.OneOf(1e-5, 0.1);

    // One element along the normalized axis has gradient 0; those cases stand on their own.
    private static Shape WithoutOne(Shape shape, int axis) => shape[axis] == 1 ? shape.With(axis, 2) : shape;
}

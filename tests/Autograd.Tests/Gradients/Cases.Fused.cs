using Transformer.Autograd;
using Transformer.Testing;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Gradients;

/// <content>Operations that do the work of several.</content>
public static partial class Cases
{
    private static IEnumerable<GradientCase> Fused() =>
    [
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

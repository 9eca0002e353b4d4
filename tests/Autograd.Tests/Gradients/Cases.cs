using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Testing;

namespace Autograd.Tests.Gradients;

/// <summary>
/// The gradient checks of every operation. Values keep away from kinks (ReLU and |x| at 0, equal largest elements) and
/// poles; dropout holds its key. A test fails when an operation is missing here.
/// </summary>
public static partial class Cases
{
    public static IReadOnlyList<GradientCase> All { get; } =
        [.. Elementwise(), .. Binary(), .. Reductions(), .. Layouts(), .. Products(), .. Fused(), .. Normalizations(), .. Attentions()];

    /// <summary>The cases by their text, for theories.</summary>
    public static IEnumerable<object[]> Names => All.Select(one => new object[] { one.ToString() });

    public static GradientCase Named(string name) => All.Single(one => one.ToString() == name);

    private static GradientCase Of(string kind, string variant, Shapes shapes, Func<Draw, GradientProblem> make) =>
        new(kind, variant, shapes, make);

    private static GradientCase Unary(string kind, Func<Tensor, Tensor> function) =>
        Of(kind, "any x", Shapes.Any, d => new(x => function(x[0]), d.Leaf(d.Shape)));

    private static GradientCase UnaryPositive(string kind, Func<Tensor, Tensor> function) =>
        Of(kind, "positive x", Shapes.Any, d => new(x => function(x[0]), d.Leaf(d.Shape, 0.4, 2.5)));

    private static GradientCase UnaryAwayFromZero(string kind, Func<Tensor, Tensor> function) =>
        Of(kind, "x away from 0", Shapes.Any, d => new(x => function(x[0]), d.LeafAwayFromZero(d.Shape)));

    private static IEnumerable<GradientCase> Elementwise() =>
    [
        Unary("Negate", x => -x),
        Of("Scale", "any factor", Shapes.Any, d =>
        {
            double factor = d.OneOf(-2.5, 0.1, 3);
            return new(x => x[0] * factor, d.Leaf(d.Shape));
        }),
        Of("Scale", "factor 0", Shapes.Any, d => new(x => x[0] * 0, d.Leaf(d.Shape))) with { IsZeroEverywhere = true },
        Of("Power", "whole exponents of either sign", Shapes.Any, d =>
        {
            double exponent = d.OneOf<double>(-2, -1, 1, 2, 3);
            return new(x => x[0].Power(exponent), d.LeafAwayFromZero(d.Shape));
        }),
        Of("Power", "broken exponents", Shapes.Any, d =>
        {
            double exponent = d.OneOf(-0.5, 0.5, 2.5);
            return new(x => x[0].Power(exponent), d.Leaf(d.Shape, 0.4, 2.5));
        }),
        Of("Power", "exponent 0", Shapes.Any, d => new(x => x[0].Power(0), d.LeafAwayFromZero(d.Shape))) with { IsZeroEverywhere = true },
        Unary("Erf", x => x.Erf()),
        Unary("Exp", x => x.Exp()),
        UnaryPositive("Log", x => x.Log()),
        UnaryPositive("Sqrt", x => x.Sqrt()),
        UnaryAwayFromZero("Abs", x => x.Abs()),
        Unary("Tanh", x => x.Tanh()),
        Unary("Sigmoid", x => x.Sigmoid()),
        UnaryAwayFromZero("Relu", x => x.Relu()),
        Unary("Gelu", x => x.Gelu()),
        Unary("GeluTanh", x => x.GeluTanh()),
        Of("Dropout", "any rate, key held", Shapes.Any, d =>
        {
            double rate = d.OneOf(0, 0.1, 0.5, 0.9);
            RandomKey key = d.Key();
            return new(x => x[0].Dropout(rate, key), d.Leaf(d.Shape));
        }),
    ];

    private static IEnumerable<GradientCase> Binary() =>
    [
        .. Pairs("Add", (a, b) => a + b),
        .. Pairs("Subtract", (a, b) => a - b),
        .. Pairs("Multiply", (a, b) => a * b),
        .. Pairs("Divide", (a, b) => a / b),
        Of("Add", "numbers on either side", Shapes.Any, d => new(x => 2 - (x[0] + 1 - 3), d.Leaf(d.Shape))),
        Of("Divide", "a number by x", Shapes.Any, d => new(x => 2 / x[0] / 3, d.LeafAwayFromZero(d.Shape))),
        Of("Divide", "x by itself", Shapes.Any, d => new(x => x[0] / x[0], d.LeafAwayFromZero(d.Shape))) with { IsZeroEverywhere = true },
        Of("Subtract", "x from itself", Shapes.Any, d => new(x => x[0] - x[0], d.Leaf(d.Shape))) with { IsZeroEverywhere = true },
        Of("Where", "all three broadcast", Shapes.Any, d =>
        {
            (Shape a, Shape b) = d.Pair(d.Shape);
            Mask condition = d.Mask(d.Narrower(d.Shape));
            return new(x => Tensor.Where(condition, x[0], x[1]), d.Leaf(a), d.Leaf(b));
        }),
        Of("Where", "the same tensor twice", Shapes.Any, d =>
        {
            Mask condition = d.Mask(d.Shape);
            return new(x => Tensor.Where(condition, x[0], x[0]), d.Leaf(d.Shape));
        }),
        Of("Where", "masked fill", Shapes.Any, d =>
        {
            Mask keep = d.Mask(d.Narrower(d.Shape));
            return new(x => x[0].MaskedFill(keep, -7), d.Leaf(d.Shape));
        }),
    ];

    private static IEnumerable<GradientCase> Pairs(string kind, Func<Tensor, Tensor, Tensor> function)
    {
        yield return Of(kind, "broadcast", Shapes.Any, d =>
        {
            (Shape a, Shape b) = d.Pair(d.Shape);
            return new(x => function(x[0], x[1]), d.Leaf(a), d.LeafAwayFromZero(b));
        });
        yield return Of(kind, "one side needs no gradient", Shapes.Any, d =>
        {
            (Shape a, Shape b) = d.Pair(d.Shape);
            Tensor other = d.LeafAwayFromZero(b);
            return d.Coin()
                ? new(x => function(x[0], other.To(x[0].DType)), d.Leaf(a))
                : new(x => function(other.To(x[0].DType), x[0]), d.LeafAwayFromZero(a));
        });
        if (kind is "Add" or "Multiply")
            yield return Of(kind, "the same tensor twice", Shapes.Any, d => new(x => function(x[0], x[0]), d.Leaf(d.Shape)));
        yield return Of(kind, "a tensor with its own reshape, broadcast", Shapes.Any, d =>
            new(x => function(x[0].Reshape(-1, 1), x[0].Reshape(1, -1)), d.LeafAwayFromZero([d.OneOf(1, 2, 5)])));
    }

    private static IEnumerable<GradientCase> Reductions() =>
    [
        .. Reduction("Sum", (x, axes, keep) => x.Sum(axes, keep), Shapes.Any),
        .. Reduction("Mean", (x, axes, keep) => x.Mean(axes, keep), Shapes.Any),
        .. Reduction("Max", (x, axes, keep) => x.Max(axes, keep), Shapes.Any.NotEmpty),
        .. Reduction("Variance", (x, axes, keep) => x.Variance(axes, keep), Shapes.Any),
        Of("Variance", "of a sample", Shapes.OfRank(1), d =>
        {
            bool keep = d.Coin();
            return new(x => x[0].Variance([-1], keep, correction: 1), d.LeafOfDistinct(d.Shape.With(-1, d.OneOf(2, 3, 5))));
        }),
        Of("Variance", "of one element", Shapes.Any, d => new(x => x[0].Reshape([.. d.Shape, 1]).Variance([-1]), d.Leaf(d.Shape)))
            with { IsZeroEverywhere = true },
    ];

    private delegate Tensor Reducer(Tensor x, int[] axes, bool keepAxes);

    private static IEnumerable<GradientCase> Reduction(string kind, Reducer function, Shapes shapes)
    {
        yield return Of(kind, "some axes", shapes, d =>
        {
            int[] axes = d.Axes(d.Shape);
            bool keep = d.Coin();
            return new(x => function(x[0], axes, keep), d.LeafOfDistinct(d.Shape));
        });
        yield return Of(kind, "everything, from a product with itself", shapes, d =>
        {
            // Squares of positive numbers: those of −a and a would tie for the largest.
            return new(x => function((x[0] + 4) * (x[0] + 4), [], false), d.LeafOfDistinct(d.Shape));
        });
    }
}

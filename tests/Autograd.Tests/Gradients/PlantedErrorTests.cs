using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Gradients;

/// <summary>The checker is checked: it passes right gradients, and names each element that a wrong one gets wrong.</summary>
public class PlantedErrorTests
{
    private static readonly Planted[] All =
    [
        new("a missing factor", [Leaf(0.5, -1.2, 2)], (x, wrong) => new CubeWithoutFactor(wrong, x[0]).Apply(), Every(3)),
        new("the output's gradient left out", [Leaf(0.5, -1.2, 2)], (x, wrong) => new SquareWithoutOutputGradient(wrong, x[0]).Apply(), Every(3)),
        new("a sign left out", [Leaf(0.5, -1.2, 2)], (x, wrong) => new AbsWithoutSign(wrong, x[0]).Apply(), [new(0, 1)]),
        new("a missing square", [Leaf(0.5, -1.2), Leaf(2, 0.5)], (x, wrong) => new DivideWithoutSquare(wrong, x[0], x[1]).Apply(), Every(2, leaf: 1)),
        new("a result used as if it had not been edited", [Leaf(0.5, -1.2)], (x, wrong) => new ExpWithEditedOutput(wrong, x[0]).Apply(), Every(2)),
        new("an element left unwritten", [Leaf(0.5, -1.2, 2)], (x, wrong) => new DoubleWithoutLastElement(wrong, x[0]).Apply(), [new(0, 2)]),
        new("stale saved values", [Leaf(0.5, -1.2), Leaf(2, 0.1)], StaleValues, Every(2)),
        new("another dropout mask", [Leaf(0.5, -1.2, 2, 0.7)], (x, wrong) => new DropoutWithAnotherMask(wrong, x[0], [true, true, false, true]).Apply(), [new(0, 1), new(0, 2)]),
        new("an input used twice, overwritten", [Leaf(0.5, -1.2, 2, 0.7)], (x, wrong) => new MirrorProductOverwritten(wrong, x[0]).Apply(), Every(2)),
        new("a forgotten input", [Leaf(0.5, -1.2), Leaf(2, 0.5)], (x, wrong) => new MultiplyWithoutSecondGradient(wrong, x[0], x[1]).Apply(), Every(2, leaf: 1)),
        new("a forgotten sum over broadcast rows", [Leaf(0.5, -1.2, 2, 1).As([2, 2]), Leaf(0.3, 0.4)], (x, wrong) => new BiasWithoutSum(wrong, x[0], x[1]).Apply(), Every(2, leaf: 1)),
        new("a swapped transpose", [Leaf(0.5, -1.2, 2, 1).As([2, 2]), Leaf(1, 2, 3, 4).As([2, 2])], (x, wrong) => new ProductWithoutTranspose(wrong, x[0], x[1]).Apply(), Every(4)),
        new("another axis", [Leaf(0.5, -1.2, 2, 1).As([2, 2])], (x, wrong) => new SumOverWrongAxis(wrong, x[0]).Apply(), [new(0, 1), new(0, 2)]),
        new("a mean without 1/n", [Leaf(0.5, -1.2, 2)], (x, wrong) => new MeanWithoutCount(wrong, x[0]).Apply(), Every(3)),
        new("a maximum's gradient at the first element", [Leaf(0.5, -1.2, 2)], (x, wrong) => new MaxAtFirst(wrong, x[0]).Apply(), [new(0, 0), new(0, 2)]),
        new("a softmax without the sum", [Leaf(0.5, -1.2, 2)], (x, wrong) => new SoftmaxWithoutSum(wrong, x[0]).Apply(), Every(3)),
        new("a layer normalization without the means", [Leaf(0.5, -1.2, 2, 0.1)], (x, wrong) => new NormalizeWithoutMeans(wrong, x[0]).Apply(), Every(4)),
        new("a slice off by one", [Leaf(0.5, -1.2, 2, 1)], (x, wrong) => new SliceOffByOne(wrong, x[0]).Apply(), [new(0, 1), new(0, 2), new(0, 3)]),
        new("a repeated row, overwritten", [Leaf(0.5, -1.2, 2)], (x, wrong) => new GatherOverwritten(wrong, x[0], [1, 0, 1]).Apply(), [new(0, 1)]),
    ];

    public static IEnumerable<object[]> Names => All.Select(one => new object[] { one.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_error_is_found_in_the_very_elements_that_it_spoils(string name)
    {
        Planted planted = All.Single(one => one.Name == name);
        GradientReport report = Check(planted, wrong: true);
        GradientLedger.RecordPlanted(!report.Passed);
        Assert.False(report.Passed);
        Place[] found = [.. report.Elements.Where(e => !(report.ErrorOf(e) <= report.Tolerance)).Select(e => new Place(e.Leaf, e.Position))];
        Assert.Equal(planted.Wrong, found);
        Assert.Contains(new Place(report.Worst!.Value.Leaf, report.Worst.Value.Position), planted.Wrong);
        string text = Assert.Throws<GradientCheckException>(report.ThrowIfFailed).Message;
        foreach (Place place in planted.Wrong)
        {
            Shape shape = planted.Leaves[place.Leaf].Shape;
            string index = shape.Rank == 1 ? $"[{place.Position}]" : $"[{place.Position / shape[1]}, {place.Position % shape[1]}]";
            Assert.Contains($"leaf {place.Leaf}{shape}, element {index}: backward ", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_right_twin_passes(string name) => Check(All.Single(one => one.Name == name), wrong: false).ThrowIfFailed();

    private static GradientReport Check(Planted planted, bool wrong) =>
        GradientCheck.Run(() => planted.Function(planted.Leaves, wrong), planted.Leaves);

    private static Tensor StaleValues(Tensor[] x, bool wrong)
    {
        double[] cache = new double[2];
        Tensor first = new TanhWithStaleValues(wrong, x[0], cache).Apply();
        return first * new TanhWithStaleValues(wrong, x[1], cache).Apply();
    }

    private static Tensor Leaf(params double[] values) => Tensor.From(values, dtype: DType.Float64).AsLeaf();

    private static Place[] Every(int count, int leaf = 0) => [.. Enumerable.Range(0, count).Select(i => new Place(leaf, i))];
}

internal static class Leaves
{
    /// <summary>The leaf's values in another shape, as a leaf.</summary>
    public static Tensor As(this Tensor leaf, Shape shape) => Tensor.From(leaf.ToDoubles(), shape, leaf.DType).AsLeaf();
}

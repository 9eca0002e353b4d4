using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Gradients;

/// <summary>Expressions of 10 to 30 nodes, each of one to five operations, drawn at random, with shared subexpressions: all leaves are checked.</summary>
public class RandomGraphTests
{
    private static readonly Shapes Few = Shapes.OfRank(0, 3) with { MaximumCount = 12, Sizes = [0, 1, 2, 3] };

    [Fact]
    public void Every_leaf_of_a_random_graph_has_the_gradient_of_central_differences() => Properties.Check(
        150,
        drawing =>
        {
            Tensor[] leaves = Leaves(drawing);
            GradientLedger.RecordGraph(GradientCheck.Run(() => Build(drawing, leaves), leaves));
        },
        Few);

    [Fact]
    public void A_random_graph_has_at_least_10_operations_and_shares_some_of_them() => Properties.Check(
        50,
        drawing =>
        {
            IReadOnlyCollection<Operation> graph = Graph.Of(Build(drawing, Leaves(drawing)));
            Assert.True(graph.Count >= 10);
            Assert.Contains(graph.SelectMany(operation => operation.Inputs).GroupBy(input => input), uses => uses.Count() > 1);
        },
        Few);

    [Fact]
    public void A_random_graph_has_the_same_bits_inside_and_outside_a_step_and_one_operation_at_a_time() => Properties.Check(
        100,
        drawing =>
        {
            string Run(Action<Tensor> backward)
            {
                Tensor[] leaves = Leaves(drawing);
                Tensor y = Build(drawing, leaves);
                backward(y);
                return string.Join(" ", leaves.Append(y).SelectMany(t => Graph.Bits(t).Concat(t.RequiresGradient && t.Producer is null ? Graph.Bits(t.Gradient!) : [])));
            }

            string expected = Run(y => y.Backward());
            Assert.Equal(expected, Run(y => Assert.NotEmpty(y.BackwardSteps().ToList())));
            using (new Step())
                Assert.Equal(expected, Run(y => y.Backward()));
            using (new Step())
                Assert.Equal(expected, Run(y => Assert.NotEmpty(y.BackwardSteps(keepGraph: true).ToList())));
        },
        Few);

    internal static Tensor[] Leaves(Drawing drawing)
    {
        Draw d = (drawing with { Seed = drawing.Seed + 1 }).Begin();
        return [d.Leaf(drawing.Shape), d.Leaf(d.Narrower(drawing.Shape)), d.LeafAwayFromZero(d.Narrower(drawing.Shape))];
    }

    // The choices depend on shapes alone, so that each evaluation builds the same graph.
    internal static Tensor Build(Drawing drawing, Tensor[] leaves)
    {
        Draw d = drawing.Begin();
        List<Tensor> nodes = [.. leaves];
        int count = 10 + d.Below(21);
        while (nodes.Count < leaves.Length + count)
        {
            Tensor x = nodes[d.Below(nodes.Count)];
            Tensor y = nodes[d.Below(nodes.Count)];
            nodes.Add(Next(d, x, Fits(x.Shape, y.Shape) ? y : nodes[0]));
        }

        // Every node counts in the result, which is one number: so each is used, and most are used several times.
        Tensor sum = nodes[^1].Sum();
        foreach (Tensor node in nodes.SkipLast(1))
            sum += (node * 0.5).Sum();
        return sum;
    }

    // Bounded functions, or a factor behind growing ones, keep the numbers within a few powers of ten.
    private static Tensor Next(Draw d, Tensor x, Tensor y) => d.Below(16) switch
    {
        0 => x + (Fits(x.Shape, y.Shape) ? y : x),
        1 => x - (Fits(x.Shape, y.Shape) ? y : x) * 0.3,
        2 => (x * (Fits(x.Shape, y.Shape) ? y : x)).Tanh(),
        3 => x / ((Fits(x.Shape, y.Shape) ? y * y : x * x) + 1),
        4 => x.Tanh(),
        5 => x.Sigmoid(),
        6 => x.Gelu() * 0.5,
        7 => (-x).Tanh().Exp() * 0.5,
        8 => x.Rank == 0 ? x.Sigmoid() : x.Softmax(d.Below(x.Rank)) * 2,
        9 => x.Sum(d.Axes(x.Shape), keepAxes: true) * 0.3,
        10 => x.Count == 0 ? x.Sum() : x.Mean(d.Axes(x.Shape), keepAxes: true),
        11 => x.Permute(d.Permutation(x.Rank)).Reshape(x.Shape),
        12 => x.Rank == 0 ? x * x * 0.5 : Tensor.Concatenate(0, x, x).Slice(0, d.Below(x.Shape[0] + 1), x.Shape[0]),
        13 => x.Rank < 2 ? x.GeluTanh() : x.MatMul(x, transposeOther: true).Softmax().MatMul(x),
        14 => x.Rank == 0 ? x.Exp().Log() : x.LogSoftmax() * 0.2,
        _ => x.Count == 0 ? x.Sum() : x.Variance(d.Axes(x.Shape), keepAxes: true).Tanh() + x,
    };

    private static bool Fits(Shape a, Shape b)
    {
        for (int i = 1; i <= Math.Min(a.Rank, b.Rank); i++)
        {
            if (a[-i] != b[-i] && a[-i] != 1 && b[-i] != 1)
                return false;
        }

        return a.Rank <= 3 && b.Rank <= 3;
    }
}

using Transformer.Autograd;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Gradients;

public class CatalogueTests
{
    private const int Drawings = 100;

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_gradient_is_that_of_central_differences(string name) => Cases.Named(name).Check(Drawings);

    [Fact]
    public void Every_operation_is_in_the_catalogue_and_has_a_gradient_check()
    {
        string[] classes =
        [
            .. typeof(Operation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Operation)) && !type.IsAbstract)
                .Select(type => type.Name).Order(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(classes);
        Assert.Equal(classes, OperationCatalogue.Makers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(classes, Cases.All.Select(one => one.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void A_case_applies_the_operation_that_it_is_named_after(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            3,
            drawing => Assert.Contains(one.Name, Graph.Of(one.Make(drawing.Begin()).Apply()).Select(operation => operation.Kind)),
            one.Shapes);
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void An_operation_made_again_from_kind_inputs_and_attributes_gives_the_same_bits(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            10,
            drawing =>
            {
                foreach (Operation operation in Graph.Of(one.Make(drawing.Begin()).Apply()))
                {
                    Tensor again = OperationCatalogue.Make(operation.Kind, operation.Inputs, operation.Attributes).Apply();
                    Assert.Equal(operation.Output.Shape, again.Shape);
                    Assert.Equal(Graph.Bits(operation.Output), Graph.Bits(again));
                }
            },
            one.Shapes);
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Single_precision_agrees_with_double_precision(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            20,
            drawing =>
            {
                GradientProblem problem = one.Make(drawing.Begin());
                Tensor[] singles = [.. problem.Leaves.Select(leaf => leaf.To(DType.Float32).AsLeaf())];
                Tensor exact = problem.Apply();
                Tensor single = problem.Function(singles);
                Assert.Equal(DType.Float32, single.DType);
                Tensor dy = drawing.Begin().Leaf(exact.Shape);
                exact.Backward(dy);
                single.Backward(dy.To(DType.Float32));
                Graph.AssertClose(exact.ToDoubles(), single.ToDoubles(), 1e-4);
                foreach ((Tensor a, Tensor b) in problem.Leaves.Zip(singles))
                    Graph.AssertClose(a.Gradient!.ToDoubles(), b.Gradient!.ToDoubles(), 1e-4, atLeast: one.IsZeroEverywhere ? 1 : 0);
            },
            one.Shapes);
    }
}

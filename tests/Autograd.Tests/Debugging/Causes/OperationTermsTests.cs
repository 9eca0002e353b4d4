using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>The terms of every operation of the catalogue, on random shapes and values.</summary>
public class OperationTermsTests
{
    [Fact]
    public void Every_operation_of_the_catalogue_has_terms() =>
        Assert.All(Cases.All, one => Properties.Check(
            1,
            drawing => Assert.All(Asking.Record(() => { one.Make(drawing.Begin()).Apply(); }).Operations, operation => Assert.Equal(operation.Kind, OperationTerms.KindOf(operation))),
            one.Shapes));

    // With ∂L/∂y = 1 at one place and 0 elsewhere, only the term through that place may be there, and it is all.
    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void The_terms_add_up_to_what_was_contributed_and_go_through_the_right_places(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            8,
            drawing =>
            {
                foreach (TimelineEvent entry in RecordOneHot(one, drawing).Timeline)
                {
                    foreach (Contribution contribution in entry.Contributions)
                        Check(entry, contribution);
                }
            },
            one.Shapes);
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void A_value_comes_from_elements_that_pass_their_gradient_from_it(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            8,
            drawing =>
            {
                foreach (TimelineEvent entry in RecordOneHot(one, drawing).Timeline.Where(e => e.Operation is not null && e.Contributions.Count > 0))
                {
                    for (int position = 0; position < entry.Tensor.Shape.ElementCount; position++)
                        CheckSources(entry, position);
                }
            },
            one.Shapes);
    }

    private static Recording RecordOneHot(GradientCase one, Drawing drawing) => Asking.Record(() =>
    {
        Tensor y = one.Make(drawing.Begin()).Apply();
        if (y.Count == 0)
            return;
        Tensor seed = Tensor.Zeros(y.Shape, y.DType);
        seed.Edit<double>(values => values[(int)(drawing.Seed % (ulong)values.Length)] = 1);
        y.Backward(seed);
    });

    private static void Check(TimelineEvent entry, Contribution contribution)
    {
        for (int position = 0; position < contribution.Values.Count; position++)
        {
            IReadOnlyList<Term> terms = OperationTerms.Backward(entry, contribution, position);
            double scale = terms.Sum(term => Math.Abs(term.Factor)) * Math.Max(entry.Gradient!.Statistics.Norm, 1);
            double expected = contribution.Values.ValueAt(position);
            double sum = terms.Sum(term => term.Amount);
            Assert.True(Math.Abs(sum - expected) <= 1e-11 * scale, $"{entry} input {contribution.InputPosition} [{position}]: {sum} ≠ {expected}");
            Assert.Equal(terms.Count, terms.Select(term => term.Position).Distinct().Count());
            Assert.All(terms, term => Assert.True(term.Amount == 0 || entry.Gradient.ValueAt(term.Position) != 0, $"{entry}: no gradient came through {term}"));
        }
    }

    private static void CheckSources(TimelineEvent entry, int position)
    {
        RecordedOperation operation = entry.Operation!;
        IReadOnlyList<Source> sources = OperationTerms.Forward(operation, position);
        foreach (Source source in sources)
        {
            Contribution? contribution = entry.Contributions.FirstOrDefault(c => c.InputPosition == source.Input);
            if (contribution is not null)
                Assert.Contains(position, OperationTerms.Backward(entry, contribution, source.Position).Select(term => term.Position));
        }

        bool isSum = operation.Kind is not ("Multiply" or "Divide" or "Softmax" or "LogSoftmax" or "Max");
        double expected = operation.Kind != "Softmax" ? operation.Output.Values.ValueAt(position) : AllMasked(operation, position) ? 0 : 1;
        if (!isSum && operation.Kind != "Softmax")
            return;
        double sum = sources.Sum(source => source.Amount);
        double scale = 1 + sources.Sum(source => Math.Abs(source.Amount));
        Assert.True(sum.Equals(expected) || Math.Abs(sum - expected) <= 1e-11 * scale, $"{operation}: {sum} ≠ {expected}");
    }

    private static bool AllMasked(RecordedOperation operation, int position)
    {
        int width = operation.Output.Shape[-1];
        return Enumerable.Range(position / width * width, width).All(j => operation.Output.Values.ValueAt(j) == 0);
    }
}

using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>The formulas come to the numbers that the kernels computed.</summary>
public class FormulaValueTests
{
    private const int Drawings = 12;

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_element_of_every_output_and_contribution_follows_its_formula(string name) => Check(name, DType.Float64, 1e-12);

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void In_single_precision_to_rounding(string name) => Check(name, DType.Float32, 1e-4);

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void The_local_jacobian_is_that_of_central_differences(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            Drawings,
            drawing =>
            {
                Recording recording = Recorded.Of(one.Make(drawing.Begin()), DType.Float64, drawing);
                foreach (RecordedOperation operation in recording.Operations)
                {
                    for (int input = 0; input < operation.Inputs.Count; input++)
                    {
                        if (Formula.LocalJacobian(recording, operation, input, largest: 100) is { } jacobian)
                            AssertClose(Differences(operation, input), jacobian);
                    }
                }
            },
            one.Shapes);
    }

    [Fact]
    public void A_jacobian_above_the_limit_is_null()
    {
        Recording recording = Recorded.Of(() => Recorded.Leaf([1, 2, 3]).Exp(), Recorded.Leaf([1, 1, 1]));
        Assert.NotNull(Formula.LocalJacobian(recording, recording.Operations[0], 0, largest: 9));
        Assert.Null(Formula.LocalJacobian(recording, recording.Operations[0], 0, largest: 8));
    }

    private static void Check(string name, DType dtype, double tolerance)
    {
        GradientCase one = Cases.Named(name);
        double atLeast = one.IsZeroEverywhere ? 1 : 0;
        Properties.Check(
            Drawings,
            drawing =>
            {
                Recording recording = Recorded.Of(one.Make(drawing.Begin()), dtype, drawing);
                foreach (RecordedOperation operation in recording.Operations)
                {
                    Explanation[] y = [.. Positions(operation.Output.Values).Select(i => Formula.OfForward(recording, operation, i))];
                    AssertClose(operation.Output.Values, y, tolerance, 0, $"{operation}");
                }

                foreach (TimelineEvent entry in recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward))
                {
                    foreach (Contribution contribution in entry.Contributions)
                    {
                        Explanation[] dx =
                        [
                            .. Positions(contribution.Values)
                                .Select(i => Formula.OfBackward(recording, entry, contribution.InputPosition, i)),
                        ];
                        AssertClose(contribution.Values, dx, tolerance, atLeast, $"{entry}, input {contribution.InputPosition}");
                    }
                }
            },
            one.Shapes);
    }

    private static IEnumerable<int> Positions(RecordedValues values) => Enumerable.Range(0, values.Count);

    private static void AssertClose(RecordedValues recorded, Explanation[] explained, double tolerance, double atLeast, string where)
    {
        double[] expected = recorded.ToTensor(DType.Float64).ToDoubles();
        double scale = expected.Append(atLeast).Where(double.IsFinite).Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            bool isClose = expected[i].Equals(explained[i].Value) || Math.Abs(expected[i] - explained[i].Value) <= tolerance * scale;
            Assert.True(isClose, $"{where}, element {i}: {expected[i]:G17} was recorded\n{explained[i]}");
            Assert.Equal(expected[i], explained[i].Recorded);
            Assert.True(explained[i].Agrees, $"{where}, element {i}\n{explained[i]}");
        }
    }

    private static double[,] Differences(RecordedOperation operation, int input)
    {
        const double Step = 1e-5;
        double[,] jacobian = new double[operation.Output.Shape.ElementCount, operation.Inputs[input].Shape.ElementCount];
        RecordedValues x = operation.Inputs[input].Values;
        for (int column = 0; column < jacobian.GetLength(1); column++)
        {
            double[] above = Output(operation, input, column, Step);
            double[] below = Output(operation, input, column, -Step);
            for (int row = 0; row < above.Length; row++)
            {
                double difference = above[row].Equals(below[row]) ? 0 : (above[row] - below[row]) / (2 * Step);
                // Infinity has no neighbours to go to.
                jacobian[row, column] = double.IsFinite(x.ValueAt(column)) ? difference : double.NaN;
            }
        }

        return jacobian;
    }

    private static double[] Output(RecordedOperation operation, int input, int position, double step)
    {
        using NoGradient scope = new();
        Tensor[] inputs = [.. operation.Inputs.Select(one => one.Values.ToTensor(DType.Float64))];
        inputs[input].Edit<double>(values => values[position] += step);
        return OperationCatalogue.Make(operation.Kind, inputs, operation.Attributes).Apply().ToDoubles();
    }

    private static void AssertClose(double[,] expected, double[,] actual)
    {
        double scale = expected.Cast<double>().Append(1e-3).Where(double.IsFinite).Max(Math.Abs);
        foreach ((double e, double a) in expected.Cast<double>().Zip(actual.Cast<double>()))
            Assert.True(double.IsNaN(e) || Math.Abs(e - a) <= 1e-7 * scale, $"{e:G12} by differences, {a:G12} by the formula (largest {scale:G3})");
    }
}

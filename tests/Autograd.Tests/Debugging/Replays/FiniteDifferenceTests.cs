using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>A recorded gradient against central differences of the recording itself.</summary>
public class FiniteDifferenceTests
{
    private static readonly Shapes Few = Shapes.OfRank(0, 3) with { MaximumCount = 12, Sizes = [1, 2, 3] };

    [Fact]
    public void Every_tensor_of_a_random_graph_agrees() => Properties.Check(
        3,
        drawing =>
        {
            Tensor[] leaves = RandomGraphTests.Leaves(drawing);
            Recording recording = RecordedProgram.By(() => RandomGraphTests.Build(drawing, leaves).Backward());
            foreach (RecordedTensor tensor in recording.Tensors.Where(t => t.Shape.ElementCount > 0 && recording.GradientOf(t) is not null))
            {
                FiniteDifferenceReport report = FiniteDifference.Check(recording, tensor, tensor.Shape.ElementCount / 2);
                Assert.True(report.Agrees && !report.HasKink, $"{tensor}\n{report}");
                Assert.Equal(report.Recorded, report.Replayed);
            }
        },
        Few);

    [Fact]
    public void The_slope_of_a_hand_worked_function_is_found_to_ten_digits()
    {
        // L = Σ 2ᵢ eˣⁱ with seed (1, 3): ∂L/∂x₁ = 3 · e^{−0.7}
        Tensor x = Tensor.From([0.2, -0.7], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => x.Exp().Backward(Tensor.From([1, 3], dtype: DType.Float64)));

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 1);

        Assert.Equal(3 * Math.Exp(-0.7), report.Difference, 1e-10);
        Assert.Equal(3 * Math.Exp(-0.7), report.Recorded, 1e-15);
        Assert.Equal(report.LeftSlope, report.RightSlope, 1e-6);
        Assert.Equal(15, report.Curve.Count);
        Assert.Contains("x.grad[1] agrees with the finite difference", report.ToString());
    }

    [Fact]
    public void A_planted_wrong_derivative_disagrees_at_the_leaf_and_is_found_at_the_operation()
    {
        OperationCatalogue.Register("CubeWithoutFactor", (inputs, _) => new CubeWithoutFactor(true, inputs[0]));
        Tensor x = Tensor.From([0.5, -0.7], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => new CubeWithoutFactor(true, x.Tanh()).Apply().Sigmoid().Sum().Backward());

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 1);

        Assert.False(report.Agrees);
        Assert.Equal(2.0 / 3, report.RelativeError, 1e-9);
        Assert.Contains("DISAGREES", report.ToString());
        Assert.Equal(
            ["CubeWithoutFactor"],
            recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward && FiniteDifference.LocalError(recording, entry).RelativeError > 1e-6)
                .Select(entry => entry.Operation!.Kind));
        Assert.Equal(2.0 / 3, FiniteDifference.LocalError(recording, recording.Timeline[^2]).RelativeError, 1e-9);
    }

    [Theory]
    [InlineData("Relu", 0, 1)]
    [InlineData("Abs", -1, 1)]
    [InlineData("Max", 1, 2)]
    public void A_kink_is_reported_with_its_two_slopes(string kind, double left, double right)
    {
        // Steep curvature beside it (e^{5x}: slope 5, second derivative 25) is no kink.
        Tensor x = Tensor.From([0, 0], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() =>
        {
            Tensor kinked = kind switch
            {
                "Relu" => x.Relu().Sum(),
                "Abs" => x.Abs().Sum(),
                _ => x.Max() + x.Slice(0, 0, 1).Sum(),
            };
            (kinked + (x * 5).Exp().Sum()).Backward();
        });

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.True(report.HasKink);
        Assert.Equal(left + 5, report.LeftSlope, 1e-6);
        Assert.Equal(right + 5, report.RightSlope, 1e-6);
        Assert.Contains("kink", report.ToString());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(7, false)]
    [InlineData(-0.5, false)]
    public void A_kink_excuses_a_gradient_between_its_slopes_and_no_other(double derivativeAtZero, bool agrees)
    {
        OperationCatalogue.Register("ReluAtZero", (inputs, _) => new ReluAtZero(inputs[0], derivativeAtZero));
        Tensor x = Tensor.From([0, 1], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => new ReluAtZero(x, derivativeAtZero).Apply().Sum().Backward());

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.True(report.HasKink);
        Assert.Equal(agrees, report.Agrees);
        Assert.StartsWith(agrees ? "x.grad[0] is at a KINK of the loss" : "x.grad[0] DISAGREES", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_contribution_that_was_left_out_is_named()
    {
        Tensor x = Tensor.From([0.5, 1], dtype: DType.Float64).AsLeaf().Named("x");
        // Both gradients of x no longer fit.
        Recording recording = RecordedProgram.By(() => (x.Exp() * x.Tanh()).Sum().Backward(), new RecordingOptions { LargestRecording = 120 });

        Assert.Contains("#1.in0.grad", recording.LeftOut);
        foreach (Action asks in (Action[])[
            () => FiniteDifference.Check(recording, recording.Named("x"), 0),
            () => recording.GradientOf(recording.Named("x")),
            () => FiniteDifference.LocalError(recording, recording.Timeline[^1])])
        {
            string message = Assert.Throws<ValuesLeftOutException>(asks).Message;
            Assert.Contains("a contribution to the gradient of x, [2]", message);
            Assert.Contains("LargestRecording", message);
        }
    }

    [Fact]
    public void Curvature_and_kinks_nearby_are_no_kink()
    {
        // ReLU's kink lies 10⁻³, 10⁻⁵ and 10⁻⁶ away; sin-like and exponential curvature everywhere.
        Tensor x = Tensor.From([1e-3, -1e-5, 1e-6, 2], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => (x.Relu() + (x * 4).Exp() + (x * 30).Tanh()).Sum().Backward());

        for (int i = 0; i < 4; i++)
        {
            FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), i);
            Assert.False(report.HasKink, report.ToString());
            Assert.True(report.Agrees, report.ToString());
        }
    }

    [Fact]
    public void A_branch_that_double_precision_takes_otherwise_is_named()
    {
        // In single precision 1 + 2⁻³⁰ − 1 is 0; in double precision it is positive.
        Tensor x = Tensor.From([Math.Pow(2, -30), 1]).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => (x + 1 - 1).Relu().Sum().Backward());

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 1);

        Assert.StartsWith("#3 Relu: 1 of 2 elements, first [0]: 0 recorded, 9.31323E-10 in Float64", Assert.Single(report.BranchChanges));
        Assert.True(report.Agrees);
    }

    [Fact]
    public void A_recording_in_single_precision_is_checked_in_double_precision()
    {
        Tensor x = Tensor.From([0.3, -0.7, 1.1]).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => (x * x).Softmax().Dropout(0.3, new RandomKey(1, 1, 1, 1)).Power(2).Sum().Backward());

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.True(report.Agrees, report.ToString());
        Assert.NotEqual(report.Recorded, report.Replayed);
        Assert.Equal(report.Recorded, report.Replayed, 1e-6);
        Assert.Equal(x.Gradient![0], report.Recorded);
        Assert.InRange(report.RecordedError, 1e-12, 1e-4);
        Assert.DoesNotContain("warning", report.ToString());
    }

    [Fact]
    public void A_recorded_gradient_that_single_precision_spoilt_is_warned_of()
    {
        // (x + 10⁸) − 10⁸ is 0 in single precision for x = 1, and so is the recorded ∂L/∂x = 2 · 0; in truth it is 2.
        Tensor x = Tensor.From([1]).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => (x + 1e8 - 1e8).Power(2).Sum().Backward());

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.Equal((0, 2), (report.Recorded, report.Replayed));
        Assert.Equal(1, report.RecordedError, 1e-5);
        Assert.Contains("not that of the Float64 replay, relative difference 1.0e+00", report.ToString());
    }

    [Fact]
    public void A_gradient_of_several_passes_is_that_of_all_losses_since_the_reset()
    {
        Tensor x = Tensor.From([0.5], dtype: DType.Float64).AsLeaf().Named("x");
        x.Exp().Backward();
        Recording recording = RecordedProgram.By(() =>
        {
            // Forgotten with what came before the recording.
            (x * 100).Backward();
            x.ZeroGradient();
            // d(x³)/dx + 2 d(x²)/dx = 0.75 + 2
            (x * x * x).Backward();
            (x * x).Backward(Tensor.From([2], dtype: DType.Float64));
            x.ZeroGradient();
        });

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.Equal(2.75, report.Recorded);
        Assert.Equal(2.75, report.Difference, 1e-9);
        Assert.True(report.Agrees);
    }

    [Fact]
    public void A_gradient_from_before_the_recording_is_no_part_of_it()
    {
        Tensor x = Tensor.From([0.5], dtype: DType.Float64).AsLeaf().Named("x");
        (x * 100).Backward();
        Recording recording = RecordedProgram.By(() => (x * x).Backward());

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.Equal(101, recording.GradientOf(recording.Named("x"))!.ValueAt(0));
        Assert.Equal((1, true), (report.Recorded, report.Agrees));
    }

    [Fact]
    public void A_tensor_that_no_gradient_reaches_disagrees_where_the_loss_depends_on_it()
    {
        Tensor x = Tensor.From([0.5], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor data = Tensor.From([3], dtype: DType.Float64).Named("data");
        Tensor unused = Tensor.From([3], dtype: DType.Float64).Named("unused");
        Recording recording = RecordedProgram.By(() =>
        {
            _ = unused * x;
            (x * data).Backward();
        });

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("data"), 0);

        Assert.Equal(double.NaN, report.Recorded);
        Assert.Equal(0.5, report.Difference, 1e-9);
        Assert.False(report.Agrees);
        Assert.Contains("no gradient arrives", report.ToString());
        Assert.True(FiniteDifference.Check(recording, recording.Named("unused"), 0).Agrees);
        Assert.Throws<InvalidOperationException>(
            () => FiniteDifference.Check(RecordedProgram.By(() => _ = x * x), recording.Named("x"), 0));
    }

    [Fact]
    public void A_tensor_edited_between_operations_counts_as_that_tensor_with_a_constant_added()
    {
        // y = x² + (1, 0) written in place, L = Σ y³: ∂L/∂x₀ = 3 (x₀² + 1)² 2 x₀
        Tensor x = Tensor.From([0.5, 2], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() =>
        {
            Tensor y = x * x;
            y.Edit<double>(values => values[0] += 1);
            y.Power(3).Sum().Backward();
        });

        FiniteDifferenceReport report = FiniteDifference.Check(recording, recording.Named("x"), 0);

        Assert.Equal(3 * 1.25 * 1.25, report.Difference, 1e-8);
        Assert.True(report.Agrees, report.ToString());
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void No_operation_of_the_library_has_a_local_error(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            2,
            drawing =>
            {
                GradientProblem problem = one.Make(drawing.Begin());
                Tensor dy = drawing.Begin().Leaf(problem.Apply().Shape);
                Recording recording = RecordedProgram.By(() => problem.Apply().Backward(dy));
                foreach (TimelineEvent entry in recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward))
                {
                    LocalErrorReport report = FiniteDifference.LocalError(recording, entry);
                    double bound = one.IsZeroEverywhere ? 1e-9 : 0;
                    Assert.True(
                        report.RelativeError <= 1e-6 || Math.Max(Math.Abs(report.Recorded), Math.Abs(report.Difference)) <= bound, report.ToString());
                }
            },
            one.Shapes);
    }

    [Theory]
    [InlineData(64, 32)]
    [InlineData(192, 64)]
    [InlineData(10, 7)]
    public void The_local_check_of_a_large_input_meets_all_its_parts(int rows, int columns)
    {
        OperationCatalogue.Register("WrongInUpperColumns", (inputs, _) => new WrongInUpperColumns(inputs[0]));
        Tensor x = Tensor.Full([rows, columns], 0.5, DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => new WrongInUpperColumns(x).Apply().Sum().Backward());

        Assert.Equal(0.5, FiniteDifference.LocalError(recording, recording.Timeline[^1]).RelativeError, 1e-6);
    }

    [Fact]
    public void The_local_check_takes_an_input_at_a_kink_for_what_it_is_and_adds_up_repeated_inputs()
    {
        Tensor x = Tensor.From([0, 1, -1, 1e-4], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => (x.Relu() * x).Sum().Backward());

        Assert.All(
            recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward),
            entry => Assert.True(FiniteDifference.LocalError(recording, entry).RelativeError < 1e-6));
        Assert.Throws<ArgumentException>(() => FiniteDifference.LocalError(recording, recording.Timeline[0]));
        Recording square = RecordedProgram.By(() => (x * x).Sum().Backward());
        Assert.True(FiniteDifference.LocalError(square, square.Timeline[^1]).RelativeError < 1e-9);
    }

    [Fact]
    public void The_first_line_says_whether_it_agrees_and_the_curve_stands_in_columns()
    {
        Tensor x = Tensor.From([0.2, -300], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => (x * x).Sum().Backward());

        string[] lines = FiniteDifference.Check(recording, recording.Named("x"), 1).ToString().ReplaceLineEndings("\n").Split('\n');

        Assert.StartsWith("x.grad[1] agrees with the finite difference, relative error ", lines[0], StringComparison.Ordinal);
        Assert.Equal("  step       central difference", lines[4]);
        // Every second of fifteen steps; a column for the sign.
        Assert.Equal(8, lines.Length - 5);
        Assert.All(lines.Skip(5), line => Assert.Equal(12, line.IndexOf('-', 11)));
    }

    [Fact]
    public void Rounding_in_single_precision_of_terms_that_cancel_is_no_local_error()
    {
        // A key's bias: softmax does not see it, its gradient is what rounding leaves of terms that add up to 0.
        double[] terms = [.. Enumerable.Range(0, 27).Select(i => (double)(0.01f * MathF.Sin(i * i)))];
        double[] dy = [.. terms, (float)-terms.Sum()];
        Tensor x = Tensor.From(new double[28], [28, 1]).Named("x");
        Tensor weight = Tensor.From([1.0], [1, 1]).AsLeaf().Named("weight");
        Tensor bias = Tensor.From([0.5]).AsLeaf().Named("bias");
        Recording recording = RecordedProgram.By(() => x.Linear(weight, bias).Backward(Tensor.From(dy, [28, 1])));

        double exact = dy.Sum();
        double recorded = recording.GradientOf(recording.Named("bias"))!.ValueAt(0);

        Assert.True(Math.Abs(recorded - exact) > 0.05 * Math.Abs(exact), $"{recorded} and {exact} are too near to show anything");
        Assert.Equal(0, FiniteDifference.LocalError(recording, recording.Timeline[^1]).RelativeError);
    }

    /// <summary>ReLU with a derivative of its own choice at 0.</summary>
    private sealed class ReluAtZero(Tensor x, double derivativeAtZero) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = T.Max(Values<T>(x)[i], T.Zero);
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> dx = ContributionTo<T>(x);
            for (int i = 0; i < dy.Length; i++)
                dx[i] = dy[i] * T.CreateChecked(Values<T>(x)[i] > T.Zero ? 1 : derivativeAtZero);
        }
    }

    /// <summary>y = x, with a derivative of 2 in the last quarter of the columns.</summary>
    private sealed class WrongInUpperColumns(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Values<T>(x).CopyTo(y);

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Span<T> dx = ContributionTo<T>(x);
            for (int i = 0; i < dy.Length; i++)
                dx[i] = dy[i] * T.CreateChecked(i % x.Shape[1] >= x.Shape[1] * 3 / 4 ? 2 : 1);
        }
    }
}

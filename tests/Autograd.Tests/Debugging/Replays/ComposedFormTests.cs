using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Fused operations from small ones: the same numbers to rounding, forwards and backwards.</summary>
public class ComposedFormTests
{
    private static readonly string[] Fused =
    [
        "ActivatedLinear", "CrossEntropy", "Gelu", "GeluTanh", "LayerNorm", "Linear", "LogSoftmax", "ProjectedCrossEntropy", "ResidualDropout",
        "ResidualLayerNorm", "ScaledDotProductAttention", "Softmax", "TokenEmbedding", "Variance",
    ];

    public static IEnumerable<object[]> FusedCases => Cases.All.Where(one => Fused.Contains(one.Name)).Select(one => new object[] { one.ToString() });

    [Theory]
    [MemberData(nameof(FusedCases))]
    public void The_composed_form_has_the_numbers_of_the_fused_one(string name)
    {
        GradientCase one = Cases.Named(name);
        Properties.Check(
            15,
            drawing =>
            {
                GradientProblem problem = one.Make(drawing.Begin());
                Tensor dy = drawing.Begin().Leaf(problem.Apply().Shape);
                Recording recording = RecordedProgram.By(() => problem.Apply().Backward(dy));
                foreach (RecordedOperation operation in recording.Operations.Where(operation => operation.Kind == one.Name))
                    AssertEqualToRounding(recording, operation);
            },
            one.Shapes);
    }

    private static void AssertEqualToRounding(Recording recording, RecordedOperation operation)
    {
        ComposedForm? form = ComposedForm.Of(recording, operation);
        if (form is null)
        {
            // Nothing to normalize.
            Assert.Equal(0, operation.Inputs[0].Shape[-1]);
            return;
        }

        double scale = Largest(operation.Output.Values);
        double gradientScale = recording.Timeline.Where(e => e.Kind == TimelineEventKind.Backward && e.Operation == operation)
            .SelectMany(e => e.Contributions).Select(c => Largest(c.Values)).Append(1).Max();
        Assert.True(form.LargestDifference <= 1e-12 * Math.Max(1, scale), form.ToString());
        Assert.True(form.LargestGradientDifference <= 1e-12 * gradientScale, form.ToString());
        Assert.All(form.Recording.Operations, small => Assert.NotEqual(operation.Kind, small.Kind));
        Assert.All(form.Recording.Operations, small => Assert.EndsWith(operation.Kind, small.Module));
    }

    private static double Largest(RecordedValues values) => Enumerable.Range(0, values.Count).Select(i => Math.Abs(values.ValueAt(i))).Append(0).Max();

    [Fact]
    public void Every_composed_form_is_among_the_tested_kinds_and_no_other_operation_has_one()
    {
        IEnumerable<string> overriding = typeof(Operation).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Operation)) && type.GetMethod(
                "Composed", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly) is not null)
            .Select(type => type.Name).Order(StringComparer.Ordinal);
        Assert.Equal(Fused, overriding);

        Tensor x = Tensor.From([0.5, 1]).AsLeaf();
        Recording recording = RecordedProgram.By(() => x.Tanh().Sum().Backward());
        Assert.Null(ComposedForm.Of(recording, recording.Operations[0]));
    }

    [Fact]
    public void Attention_draws_the_same_dropout_mask_and_its_inputs_keep_their_names()
    {
        Tensor packed = Tensor.Normal([2, 5, 24], new RandomKey(1, 2, 3, 4)).AsLeaf().Named("packed");
        AttentionAttributes attributes = new(2, null, true, 0.4, new RandomKey(5, 6, 7, 8));
        Recording recording = RecordedProgram.By(() => packed.AttendPacked(attributes, out _).Sum().Backward());

        ComposedForm form = ComposedForm.Of(recording, recording.Operations[0])!;

        Assert.True(form.LargestDifference < 1e-5, form.ToString());
        Assert.True(form.LargestGradientDifference < 1e-5, form.ToString());
        RecordedOperation dropout = Assert.Single(form.Recording.Operations, operation => operation.Kind == "Dropout");
        Assert.Equal(
            recording.Operations[0].Saved["mask"].ToTensor(DType.Float32).ToDoubles(), dropout.Saved["mask"].ToTensor(DType.Float32).ToDoubles());
        Assert.Contains(form.Recording.Tensors, tensor => tensor.Name == "packed");
        Assert.Equal(["Slice", "Slice", "Slice"], form.Recording.Operations.Take(3).Select(operation => operation.Kind));
    }

    [Fact]
    public void Without_a_backward_pass_there_is_no_gradient_to_compare_and_a_softmax_of_a_masked_row_is_0()
    {
        Tensor scores = Tensor.From([1, 2, double.NegativeInfinity, double.NegativeInfinity], [2, 2], DType.Float64);
        Recording recording = RecordedProgram.By(() =>
        {
            _ = scores.Softmax();
            _ = scores.LogSoftmax();
        });

        ComposedForm softmax = ComposedForm.Of(recording, recording.Operations[0])!;

        Assert.True(softmax.LargestDifference < 1e-15);
        Assert.Equal([0, 0], softmax.Recording.Operations[^1].Output.Values.ToTensor(DType.Float64).ToDoubles()[2..]);
        Assert.Equal(double.NaN, softmax.LargestGradientDifference);
        Assert.True(ComposedForm.Of(recording, recording.Operations[1])!.LargestDifference < 1e-15);
    }
}

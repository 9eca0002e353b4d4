using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Causes;

/// <summary>Small graphs, recorded, and what is asked of them.</summary>
internal static class Asking
{
    public static Tensor Leaf(string name, params double[] values) => Leaf(name, [values.Length], values);

    public static Tensor Leaf(string name, Shape shape, params double[] values) =>
        Tensor.From(values, shape, DType.Float64).AsLeaf().Named(name);

    public static Tensor Constant(params double[] values) => Tensor.From(values, dtype: DType.Float64);

    public static Recording Record(Action program, RecordingOptions? options = null)
    {
        using Recorder recorder = new(options);
        program();
        return recorder.ToRecording();
    }

    /// <summary>Records a loss and its backward pass.</summary>
    public static Recording Record(Func<Tensor> loss) => Record(() => loss().Backward());

    public static RecordedTensor Named(this Recording recording, string label) => recording.Tensors.Single(tensor => tensor.Label == label);

    public static WhyReport WhyGradient(this Recording recording, string label, params int[] index)
    {
        RecordedTensor tensor = recording.Named(label);
        return Why.OfGradient(recording, tensor, tensor.Shape.Offset(index));
    }

    public static WhyReport WhyValue(this Recording recording, string label, params int[] index)
    {
        RecordedTensor tensor = recording.Named(label);
        return Why.OfValue(recording, tensor, tensor.Shape.Offset(index));
    }

    /// <summary>The cause of that name, which must be there and must say these things.</summary>
    public static Cause AssertCause(this WhyReport report, string name, params string[] texts)
    {
        Cause? cause = report.Causes.FirstOrDefault(one => one.Name == name);
        Assert.True(cause is not null, $"“{name}” is not among the causes:\n{report}");
        foreach (string text in texts)
            Assert.Contains(text, cause.Text);
        return cause;
    }

    public static void AssertNoCause(this WhyReport report, string name) => Assert.DoesNotContain(name, report.Causes.Select(cause => cause.Name));

    public static void AssertNothingUnusual(this WhyReport report)
    {
        Assert.True(report.Causes.Count == 0, report.ToString());
        Assert.Contains("Nothing unusual was found.", report.ToString());
    }
}

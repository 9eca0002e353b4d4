using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>Small recordings to step through, and sessions over them.</summary>
internal static class Recorded
{
    /// <summary>L = Σ (x ⊙ x + tanh x): three contributions arrive at x, two of them from one operation.</summary>
    public static Recording Squares() => Of(() =>
    {
        Tensor x = Tensor.From([0.5, -1.25, 3], dtype: DType.Float64).AsLeaf().Named("x");
        ((x * x) + x.Tanh()).Sum().Backward();
    });

    /// <summary>Attention of two queries over three keys, in two modules, the second inside the first.</summary>
    public static Recording Attention() => Of(() =>
    {
        Recorder recorder = Recorder.Active!;
        Tensor query = Tensor.From(new double[,] { { 1, 0.5 }, { -1, 2 } }, DType.Float64).AsLeaf().Named("attention.query");
        Tensor key = Tensor.From(new double[,] { { 0.25, -0.75 }, { 1.5, 1 }, { -2, 0.1 } }, DType.Float64).AsLeaf().Named("attention.key");
        recorder.AddWords("source", [["one", "two", "six"]]);
        recorder.AddWords("target", [["ja", "nein"]]);
        using ModuleScope layer = recorder.EnterModule("layer", "Layer");
        Tensor scores = query.MatMul(key.Transpose(0, 1)).Named("scores");
        Tensor weights;
        using (ModuleScope inner = recorder.EnterModule("layer.attention", "Attention"))
            weights = scores.Softmax().Named("weights");
        weights.MatMul(key).Named("mixed").Tanh().Sum().Named("loss").Backward();
    });

    /// <summary>Two passes with a forgotten reset between, and a third after a reset.</summary>
    public static Recording Passes() => Of(() =>
    {
        Tensor x = Tensor.From([0.1, 0.7], dtype: DType.Float64).AsLeaf().Named("x");
        (x * x).Sum().Backward();
        x.Tanh().Sum().Backward();
        x.ZeroGradient();
        x.Exp().Sum().Backward();
    });

    /// <summary>log 0 and what becomes of it.</summary>
    public static Recording NonFinite() => Of(() =>
    {
        Tensor x = Tensor.From([0.0, 1], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor logarithms = x.Log().Named("logarithms");
        (logarithms * x).Sum().Backward();
    });

    /// <summary>A chain of random operations on one leaf and what came before.</summary>
    public static Recording Random(Drawing drawing) => Of(() =>
    {
        Draw draw = drawing.Begin();
        List<Tensor> tensors = [draw.Leaf(draw.Shape).Named("a"), draw.Leaf(draw.Shape).Named("b")];
        for (int i = 0; i < 8; i++)
        {
            Tensor one = tensors[draw.Below(tensors.Count)];
            Tensor other = tensors[draw.Below(tensors.Count)];
            tensors.Add(draw.Below(4) switch
            {
                0 => one + other,
                1 => one * other,
                2 => one.Tanh(),
                _ => one.Sigmoid(),
            });
        }

        (tensors[^1] + tensors[0]).Sum().Backward();
    });

    public static Recording Of(Action program)
    {
        using Recorder recorder = new();
        program();
        return recorder.ToRecording();
    }

    /// <summary>Does a command that is to succeed.</summary>
    public static string Do(this DebugSession session, string command)
    {
        CommandResult result = session.Execute(command);
        Assert.False(result.IsError, $"{command}: {result.Text}");
        return result.Text;
    }

    /// <summary>Does a command that is to fail.</summary>
    public static string Fail(this DebugSession session, string command)
    {
        CommandResult result = session.Execute(command);
        Assert.True(result.IsError, $"{command} did not fail: {result.Text}");
        return result.Text;
    }
}

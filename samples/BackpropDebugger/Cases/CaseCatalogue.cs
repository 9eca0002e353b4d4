using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>All ready-made cases.</summary>
internal static class CaseCatalogue
{
    /// <summary>The first is what opens without arguments.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        new("scalar", "A scalar expression", "Step through it with next and back.", [], Scalar),
    ];

    private static Recording Scalar()
    {
        using Recorder recorder = new();
        Tensor x = Tensor.Scalar(0.5, DType.Float64).AsLeaf().Named("x");
        Tensor y = Tensor.Scalar(-2, DType.Float64).AsLeaf().Named("y");
        Tensor loss = ((x * y) + x.Tanh()) * y.Exp();
        loss.Backward();
        return recorder.ToRecording();
    }
}

using System.Buffers;
using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;

namespace Transformer.Training.Optimizers;

/// <summary>Clipping of all gradients together by their global norm (Pascanu et al. 2013, section 3.2).</summary>
public static class GradientClipping
{
    // As in torch.nn.utils.clip_grad_norm_: keeps the quotient finite where the norm is 0.
    private const double Small = 1e-6;

    /// <summary>‖g‖₂ over all elements of all gradients; the squares are added in double precision.</summary>
    public static double GlobalNorm(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double[] sums = ArrayPool<double>.Shared.Rent(2 * parameters.Count);
        Span<double> single = sums.AsSpan(0, parameters.Count);
        Span<double> twice = sums.AsSpan(parameters.Count, parameters.Count);
        Reduction.SumsOfSquares<float, Gradients<float>>(new(parameters), single);
        Reduction.SumsOfSquares<double, Gradients<double>>(new(parameters), twice);
        double sum = 0;
        for (int i = 0; i < parameters.Count; i++)
            sum += single[i] + twice[i];
        ArrayPool<double>.Shared.Return(sums);
        return Math.Sqrt(sum);
    }

    /// <summary>The factor that brings a norm down to the largest allowed: min(1, largest / (norm + 10⁻⁶)).</summary>
    public static double Scale(double norm, double largestNorm) => Math.Min(1, largestNorm / (norm + Small));

    // Each parameter's gradient where it has one of this element type, else nothing.
    private readonly struct Gradients<T>(IReadOnlyList<Parameter> parameters) : ISpans<T>
        where T : unmanaged
    {
        public int Count => parameters.Count;

        public ReadOnlySpan<T> this[int index] =>
            parameters[index].Gradient is { } gradient && gradient.DType == DTypes.Of<T>() ? gradient.Values<T>() : [];
    }
}

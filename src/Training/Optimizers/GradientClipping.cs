using System.Numerics;
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
        double sum = 0;
        foreach (Parameter parameter in parameters)
        {
            if (parameter.Gradient is { } gradient)
            {
                SquareSum squares = new(gradient);
                gradient.DType.Dispatch(ref squares);
                sum += squares.Result;
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The factor that brings a norm down to the largest allowed: min(1, largest / (norm + 10⁻⁶)).</summary>
    public static double Scale(double norm, double largestNorm) => Math.Min(1, largestNorm / (norm + Small));

    private struct SquareSum(Tensor tensor) : ITypedAction
    {
        public double Result { get; private set; }

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Result = Reduction.SumOfSquares(tensor.Values<T>());
    }
}

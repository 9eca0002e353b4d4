using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>The activations of a feed-forward network and their slopes, one number at a time.</summary>
internal static class Activations
{
    private static readonly double Root = Math.Sqrt(2 / Math.PI);

    /// <summary>The name that formulas have for it.</summary>
    public static string Name(ActivationFunction function) => function switch
    {
        ActivationFunction.Relu => "relu",
        ActivationFunction.Gelu => "gelu",
        _ => "geluTanh",
    };

    /// <summary>f(z).</summary>
    public static double Of(ActivationFunction function, double z) => function switch
    {
        ActivationFunction.Relu => z > 0 || double.IsNaN(z) ? z : 0,
        ActivationFunction.Gelu => z * Normal.Distribution(z),
        _ => 0.5 * z * (1 + Math.Tanh(Inner(z))),
    };

    /// <summary>f′(z); of a ReLU 0 at 0.</summary>
    public static double Slope(ActivationFunction function, double z)
    {
        if (function == ActivationFunction.Relu)
            return z > 0 ? 1 : 0;
        if (function == ActivationFunction.Gelu)
            return Normal.Distribution(z) + (z * Normal.Density(z));
        double tanh = Math.Tanh(Inner(z));
        return (0.5 * (1 + tanh)) + (0.5 * z * (1 - (tanh * tanh)) * Root * (1 + (3 * 0.044715 * z * z)));
    }

    private static double Inner(double z) => Root * (z + (0.044715 * z * z * z));
}

using System.Numerics;

namespace Transformer.Kernels;

/// <summary>xᵖ and its derivative; the exponents that models use have formulas of their own.</summary>
internal static class PowerKernel
{
    public static void Forward<T>(ReadOnlySpan<T> input, T exponent, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        for (int i = 0; i < output.Length; i++)
            output[i] = T.Pow(input[i], exponent);
    }

    public static void Backward<T>(ReadOnlySpan<T> input, T exponent, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, inputGradient.Length);
        Check.Length(nameof(outputGradient), outputGradient.Length, inputGradient.Length);
        for (int i = 0; i < inputGradient.Length; i++)
            inputGradient[i] = exponent == T.Zero ? T.Zero : outputGradient[i] * exponent * T.Pow(input[i], exponent - T.One);
    }
}

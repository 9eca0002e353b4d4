using System.Numerics;

namespace Transformer.Kernels;

/// <summary>xᵖ and its derivative; the exponents that models use have formulas of their own.</summary>
internal static class PowerKernel
{
    public static void Forward<T>(ReadOnlySpan<T> input, T exponent, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, output.Length);
        if (!Execution.Plain && Common(exponent) is { } common)
        {
            switch (common)
            {
                case 2: Map.Apply(default(SquareFormula<T>), input, output); break;
                case 3: Map.Apply(default(CubeFormula<T>), input, output); break;
                case 0.5: Map.Apply(default(SqrtFormula<T>), input, output); break;
                case -1: Map.Apply(default(ReciprocalFormula<T>), input, output); break;
                default: Map.Apply(default(ReciprocalSqrtFormula<T>), input, output); break;
            }
            return;
        }
        for (int i = 0; i < output.Length; i++)
            output[i] = T.Pow(input[i], exponent);
    }

    public static void Backward<T>(ReadOnlySpan<T> input, T exponent, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(input), input.Length, inputGradient.Length);
        Check.Length(nameof(outputGradient), outputGradient.Length, inputGradient.Length);
        if (!Execution.Plain && Common(exponent) is { } common)
        {
            switch (common)
            {
                case 2: Map.Apply(default(SquareGradientFormula<T>), input, outputGradient, inputGradient); break;
                case 3: Map.Apply(default(CubeGradientFormula<T>), input, outputGradient, inputGradient); break;
                case 0.5: Map.Apply(default(RootGradientFormula<T>), input, outputGradient, inputGradient); break;
                case -1: Map.Apply(default(ReciprocalGradientFormula<T>), input, outputGradient, inputGradient); break;
                default: Map.Apply(default(ReciprocalSqrtGradientFormula<T>), input, outputGradient, inputGradient); break;
            }
            return;
        }
        for (int i = 0; i < inputGradient.Length; i++)
            inputGradient[i] = exponent == T.Zero ? T.Zero : outputGradient[i] * exponent * T.Pow(input[i], exponent - T.One);
    }

    // The exponents that have a formula of their own.
    private static double? Common<T>(T exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.CreateTruncating(exponent) is 2 or 3 or 0.5 or -1 or -0.5 ? double.CreateTruncating(exponent) : null;
}

using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The residual connection of a pre-norm sublayer, z = x + dropout(y), in one pass. Its backward is ∂L/∂x = ∂L/∂z and
/// ∂L/∂y = <see cref="Dropout.Forward"/> of ∂L/∂z with the same rate and key.
/// </summary>
public static unsafe class ResidualDropout
{
    /// <summary>zᵢ = xᵢ + dropout(y)ᵢ, to the same bits as <see cref="Dropout.Forward"/> and an addition.</summary>
    /// <param name="residual">x.</param>
    /// <param name="input">y.</param>
    /// <param name="rate">Probability of dropping an element of y, 0 ≤ rate &lt; 1; at 0 no random numbers are drawn.</param>
    /// <param name="key">Names the mask.</param>
    /// <param name="output">z; may be the memory of x or of y.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, 1 or more, or NaN.</exception>
    public static void Forward<T>(ReadOnlySpan<T> residual, ReadOnlySpan<T> input, T rate, RandomKey key, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(residual), residual.Length, output.Length);
        Check.Length(nameof(input), input.Length, output.Length);
        DropoutMask<T> mask = new(rate, key);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = residual[i] + mask.Of(input[i], i);
            return;
        }
        int n = output.Length;
        fixed (T* x = residual, y = input, z = output)
            Ranges.Run<T, Kernel<T>>(n, 1, new(new(x, n), new(y, n), mask, new(z, n)));
    }

    private readonly struct Kernel<T>(SharedSpan<T> residual, SharedSpan<T> input, DropoutMask<T> mask, SharedSpan<T> output) : IRangeKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run<V, S>(int start, int end)
            where V : struct
            where S : ISimd<V, T> =>
            DropoutLoops.AddDropped<V, S, T>(residual.Span[start..end], input.Span[start..end], mask, start, output.Span[start..end]);
    }
}

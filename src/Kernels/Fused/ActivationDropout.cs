using System.Buffers;
using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// What stands between the two matrix products of a feed-forward network (Vaswani et al. 2017, section 3.3), in one pass over [rows, columns]:
/// y = dropout(f(x)), where x is the first product with its bias. To the same bits as the element-wise functions and <see cref="Dropout.Forward"/>
/// one after the other. Lengths that do not fit throw <see cref="ArgumentException"/>.
/// </summary>
public static unsafe class ActivationDropout
{
    /// <summary>y = dropout(f(x)).</summary>
    /// <param name="input">x [rows, columns].</param>
    /// <param name="function">f.</param>
    /// <param name="rate">Probability of dropping an element, 0 ≤ rate &lt; 1; at 0 no random numbers are drawn.</param>
    /// <param name="key">Names the mask.</param>
    /// <param name="output">y [rows, columns]; may be the input's memory where f is ReLU, whose backward needs y alone (<see cref="ReluBackward"/>).</param>
    /// <param name="columns">Elements in a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, 1 or more, or NaN; there is no such function.</exception>
    public static void Forward<T>(ReadOnlySpan<T> input, ActivationFunction function, T rate, RandomKey key, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DropoutMask<T> mask = new(rate, key);
        switch (function)
        {
            case ActivationFunction.Relu:
                Run(default(ReluFormula<T>), input, mask, output, columns);
                break;
            case ActivationFunction.Gelu:
                Run(default(GeluFormula<T>), input, mask, output, columns);
                break;
            case ActivationFunction.GeluTanh:
                Run(default(GeluTanhFormula<T>), input, mask, output, columns);
                break;
            default:
                throw Unknown(function);
        }
    }

    /// <summary>∂L/∂x = f′(x) ⊙ dropout(∂L/∂y), and Σ over its rows, which is ∂L/∂bias of the product. Both are assigned.</summary>
    /// <param name="input">x [rows, columns], as in <see cref="Forward"/>.</param>
    /// <param name="function">f.</param>
    /// <param name="rate">As in <see cref="Forward"/>.</param>
    /// <param name="key">As in <see cref="Forward"/>.</param>
    /// <param name="outputGradient">∂L/∂y [rows, columns].</param>
    /// <param name="inputGradient">∂L/∂x [rows, columns]; may be the memory of ∂L/∂y or of x.</param>
    /// <param name="biasGradient">∂L/∂bias [columns]; empty where it is not needed.</param>
    /// <param name="columns">Elements in a row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, 1 or more, or NaN; there is no such function.</exception>
    public static void Backward<T>(ReadOnlySpan<T> input, ActivationFunction function, T rate, RandomKey key,
        ReadOnlySpan<T> outputGradient, Span<T> inputGradient, Span<T> biasGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DropoutMask<T> mask = new(rate, key);
        switch (function)
        {
            case ActivationFunction.Relu:
                RunGradient(default(ReluGradientFormula<T>), input, mask, outputGradient, inputGradient, biasGradient, columns);
                break;
            case ActivationFunction.Gelu:
                RunGradient(default(GeluGradientFormula<T>), input, mask, outputGradient, inputGradient, biasGradient, columns);
                break;
            case ActivationFunction.GeluTanh:
                RunGradient(default(GeluTanhGradientFormula<T>), input, mask, outputGradient, inputGradient, biasGradient, columns);
                break;
            default:
                throw Unknown(function);
        }
    }

    /// <summary>
    /// <see cref="Backward"/> for ReLU from the output alone, without random numbers: y is above 0 exactly where x is and the element was
    /// kept, so ∂L/∂x = ∂L/∂y / (1 − rate) there and 0 elsewhere.
    /// </summary>
    /// <param name="output">y [rows, columns], from <see cref="Forward"/>.</param>
    /// <param name="rate">As in <see cref="Forward"/>.</param>
    /// <param name="outputGradient">∂L/∂y [rows, columns].</param>
    /// <param name="inputGradient">∂L/∂x [rows, columns], assigned; may be the memory of ∂L/∂y or of y.</param>
    /// <param name="biasGradient">∂L/∂bias [columns], assigned; empty where it is not needed.</param>
    /// <param name="columns">Elements in a row.</param>
    public static void ReluBackward<T>(ReadOnlySpan<T> output, T rate, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, Span<T> biasGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = new DropoutMask<T>(rate, default).Scale;
        RunGradient(new DroppedReluGradientFormula<T>(scale), output, default(DropoutMask<T>), outputGradient, inputGradient, biasGradient, columns);
    }

    private static void Run<T, F>(F function, ReadOnlySpan<T> input, DropoutMask<T> mask, Span<T> output, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula1<T>
    {
        int rows = Check.Rows(nameof(input), input.Length, columns);
        Check.Length(nameof(output), output.Length, input.Length);
        if (Execution.Plain)
        {
            for (int i = 0; i < output.Length; i++)
            {
                T active = function.Of(input[i]);
                output[i] = mask.Draws ? mask.Of(active, i) : active;
            }
            return;
        }
        int n = input.Length;
        fixed (T* x = input, y = output)
            Ranges.Run<T, ActivationDropoutKernel<T, F>>(rows, columns, new(function, new(x, n), mask, new(y, n), columns));
    }

    private static void RunGradient<T, F>(F gradient, ReadOnlySpan<T> input, DropoutMask<T> mask,
        ReadOnlySpan<T> outputGradient, Span<T> inputGradient, Span<T> biasGradient, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where F : struct, IFormula2<T>
    {
        int rows = Check.Rows(nameof(input), input.Length, columns);
        Check.Length(nameof(outputGradient), outputGradient.Length, input.Length);
        Check.Length(nameof(inputGradient), inputGradient.Length, input.Length);
        Check.LengthOrEmpty(nameof(biasGradient), biasGradient.Length, columns);
        if (Execution.Plain)
        {
            biasGradient.Clear();
            for (int i = 0; i < inputGradient.Length; i++)
            {
                T dropped = mask.Draws ? mask.Of(outputGradient[i], i) : outputGradient[i];
                inputGradient[i] = gradient.Of(input[i], dropped);
                if (!biasGradient.IsEmpty)
                    biasGradient[i % columns] += inputGradient[i];
            }
            return;
        }
        int n = input.Length;
        RowBlocks blocks = new(rows, columns);
        int partials = blocks.Count * columns;
        T[] biasPartials = ArrayPool<T>.Shared.Rent(partials);
        fixed (T* x = input, dy = outputGradient, dx = inputGradient, db = biasPartials)
        {
            Ranges.Run<T, ActivationDropoutGradientKernel<T, F>>(blocks.Count, blocks.Elements, new(
                gradient, new(x, n), mask, new(dy, n), new(dx, n), new(db, partials), blocks, columns));
        }
        blocks.AddUp(biasPartials, biasGradient);
        ArrayPool<T>.Shared.Return(biasPartials);
    }

    private static ArgumentOutOfRangeException Unknown(ActivationFunction function) =>
        new(nameof(function), Check.Text($"There is no activation function {function}."));
}

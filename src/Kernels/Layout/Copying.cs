using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Moves elements between layouts. Arrays are contiguous and row-major; input and output must not overlap.</summary>
public static partial class Copying
{
    /// <summary>y[i…] = x with its axes in another order: axis k of y is axis <paramref name="axes"/>[k] of x (NumPy's transpose).</summary>
    /// <param name="input">x.</param>
    /// <param name="shape">Shape of x.</param>
    /// <param name="axes">A permutation of 0 … rank − 1.</param>
    /// <param name="output">y, as many elements as x.</param>
    /// <exception cref="ArgumentException">The axes are no permutation, or lengths do not fit.</exception>
    public static void Permute<T>(ReadOnlySpan<T> input, ReadOnlySpan<int> shape, ReadOnlySpan<int> axes, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check.Length(nameof(axes), axes.Length, shape.Length);
        Check.Length(nameof(input), input.Length, Strides.Elements(shape));
        Check.Length(nameof(output), output.Length, input.Length);
        Span<int> shapeOfY = stackalloc int[shape.Length];
        Span<int> stridesOfX = stackalloc int[shape.Length];
        Strides.Permute(shape, axes, shapeOfY, stridesOfX);
        CopyingPlain.Expand(input, shapeOfY, stridesOfX, output);
    }

    /// <summary>y[i₀, i₁, …] = x[Σ iₖ strideₖ]; a stride of 0 repeats x along that axis (broadcasting).</summary>
    /// <param name="input">x.</param>
    /// <param name="shapeOfY">Shape of y.</param>
    /// <param name="stridesOfX">For each axis of y, elements of x from one index to the next.</param>
    /// <param name="output">y.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the strides lead outside x.</exception>
    public static void Expand<T>(ReadOnlySpan<T> input, ReadOnlySpan<int> shapeOfY, ReadOnlySpan<int> stridesOfX, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Strides.CheckReach(nameof(input), input.Length, nameof(output), output.Length, shapeOfY, stridesOfX);
        CopyingPlain.Expand(input, shapeOfY, stridesOfX, output);
    }

    /// <summary>The adjoint of <see cref="Expand"/>: dx[Σ iₖ strideₖ] = Σ of all dy[i₀, i₁, …] that it was copied to. Assigned; fixed order.</summary>
    /// <param name="outputGradient">dy, of the shape of y.</param>
    /// <param name="shapeOfY">Shape of y.</param>
    /// <param name="stridesOfX">For each axis of y, elements of dx from one index to the next.</param>
    /// <param name="inputGradient">dx.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or the strides lead outside dx.</exception>
    public static void ReduceTo<T>(ReadOnlySpan<T> outputGradient, ReadOnlySpan<int> shapeOfY, ReadOnlySpan<int> stridesOfX, Span<T> inputGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Strides.CheckReach(nameof(inputGradient), inputGradient.Length, nameof(outputGradient), outputGradient.Length, shapeOfY, stridesOfX);
        CopyingPlain.ReduceTo(outputGradient, shapeOfY, stridesOfX, inputGradient);
    }

    /// <summary>
    /// y[r, c] = x[r, c] for rows of <paramref name="width"/> elements that lie <paramref name="inputStride"/> and
    /// <paramref name="outputStride"/> elements apart: slices and concatenations. Slice the spans to begin elsewhere.
    /// </summary>
    /// <exception cref="ArgumentException">The block does not fit into a span, or a stride is below the width.</exception>
    public static void CopyBlock<T>(ReadOnlySpan<T> input, int inputStride, Span<T> output, int outputStride, int rows, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Strides.CheckBlock(nameof(input), input.Length, inputStride, rows, width);
        Strides.CheckBlock(nameof(output), output.Length, outputStride, rows, width);
        for (int row = 0; row < rows; row++)
            input.Slice(row * inputStride, width).CopyTo(output.Slice(row * outputStride, width));
    }

    /// <summary>y[r, c] += x[r, c] for rows as in <see cref="CopyBlock"/>: the gradients of slices and concatenations.</summary>
    /// <exception cref="ArgumentException">The block does not fit into a span, or a stride is below the width.</exception>
    public static void AccumulateBlock<T>(ReadOnlySpan<T> input, int inputStride, Span<T> output, int outputStride, int rows, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Strides.CheckBlock(nameof(input), input.Length, inputStride, rows, width);
        Strides.CheckBlock(nameof(output), output.Length, outputStride, rows, width);
        for (int row = 0; row < rows; row++)
            Elementwise.Accumulate(input.Slice(row * inputStride, width), output.Slice(row * outputStride, width));
    }
}

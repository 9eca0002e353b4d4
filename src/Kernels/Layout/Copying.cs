using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Moves elements between layouts. Arrays are contiguous and row-major; input and output must not overlap.</summary>
public static unsafe class Copying
{
    /// <summary>y = 0, on all threads: a gradient that is mostly 0 is as large as its table.</summary>
    public static void Clear<T>(Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Execution.Plain)
        {
            output.Clear();
            return;
        }
        fixed (T* y = output)
            Ranges.Run<T, ClearKernel<T>>(output.Length, 1, new(new(y, output.Length)));
    }

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
        ExpandChecked(input, shapeOfY, stridesOfX, output);
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
        ExpandChecked(input, shapeOfY, stridesOfX, output);
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
        if (Execution.Plain || outputGradient.IsEmpty)
            CopyingPlain.ReduceTo(outputGradient, shapeOfY, stridesOfX, inputGradient);
        else
            ReduceSimplified(outputGradient, shapeOfY, stridesOfX, inputGradient);
    }

    private static void ExpandChecked<T>(ReadOnlySpan<T> input, ReadOnlySpan<int> shapeOfY, ReadOnlySpan<int> stridesOfX, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (output.IsEmpty)
            return;
        if (Execution.Plain)
        {
            CopyingPlain.Expand(input, shapeOfY, stridesOfX, output);
            return;
        }

        int* shape = stackalloc int[shapeOfY.Length + 1];
        int* strides = stackalloc int[shapeOfY.Length + 1];
        int rank = StridedRows.Simplify(shapeOfY, stridesOfX, new(shape, shapeOfY.Length + 1), new(strides, shapeOfY.Length + 1));
        int width = shape[rank - 1];
        fixed (T* x = input, y = output)
        {
            if (rank >= 2 && strides[rank - 2] == 1 && strides[rank - 1] > 1)
            {
                int rows = shape[rank - 2];
                int strips = (rows + TransposeKernel<T>.Strip - 1) / TransposeKernel<T>.Strip;
                Ranges.Run<T, TransposeKernel<T>>(
                    output.Length / rows / width * strips, (long)Math.Min(rows, TransposeKernel<T>.Strip) * width,
                    new(new(x, input.Length), new(shape, rank), new(strides, rank), new(y, output.Length)));
            }
            else
            {
                Ranges.Run<T, ExpandKernel<T>>(
                    output.Length / width, width, new(new(x, input.Length), new(shape, rank), new(strides, rank), new(y, output.Length)));
            }
        }
    }

    private static void ReduceSimplified<T>(ReadOnlySpan<T> dy, ReadOnlySpan<int> shapeOfY, ReadOnlySpan<int> stridesOfX, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<int> shape = stackalloc int[shapeOfY.Length + 1];
        Span<int> strides = stackalloc int[shapeOfY.Length + 1];
        int rank = StridedRows.Simplify(shapeOfY, stridesOfX, shape, strides);
        shape = shape[..rank];
        strides = strides[..rank];

        // One axis that is summed between two that are not (each of them possibly absent) is an ordinary sum over an axis.
        int summed = strides.IndexOf(0);
        int outer = summed == 1 ? shape[0] : 1;
        int inner = summed >= 0 && summed == rank - 2 ? shape[^1] : 1;
        bool plainSum = summed is 0 or 1 && rank - summed <= 2
            && (summed == 0 || strides[0] == inner) && (inner == 1 || strides[^1] == 1) && dx.Length == outer * inner;
        if (plainSum)
        {
            Reduction.Sum(dy, dx, outer, shape[summed], inner);
            return;
        }

        dx.Clear();
        int width = shape[^1];
        int stride = strides[^1];
        for (int row = 0; row < dy.Length / width; row++)
        {
            ReadOnlySpan<T> line = dy.Slice(row * width, width);
            Span<T> target = dx[StridedRows.Offset(row, shape[..^1], strides[..^1])..];
            if (stride == 1)
            {
                Elementwise.Accumulate(line, target[..width]);
                continue;
            }
            for (int i = 0; i < width; i++)
                target[i * stride] += line[i];
        }
    }
}

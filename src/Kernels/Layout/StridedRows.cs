namespace Transformer.Kernels;

/// <summary>
/// An array of given shape whose elements lie at given strides in another, made as simple as it is: axes of size 1 are gone, axes that
/// continue each other are one, and the last axis is the row. At least one axis is left.
/// </summary>
internal static class StridedRows
{
    /// <summary>Writes the simplified shape and strides, and returns the number of axes.</summary>
    public static int Simplify(ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, Span<int> simpleShape, Span<int> simpleStrides)
    {
        int rank = 0;
        for (int k = 0; k < shape.Length; k++)
        {
            if (shape[k] == 1)
                continue;
            if (rank > 0 && simpleStrides[rank - 1] == (long)strides[k] * shape[k])
            {
                simpleShape[rank - 1] *= shape[k];
                simpleStrides[rank - 1] = strides[k];
                continue;
            }
            simpleShape[rank] = shape[k];
            simpleStrides[rank] = strides[k];
            rank++;
        }
        if (rank == 0)
            (simpleShape[0], simpleStrides[0], rank) = (1, 1, 1);
        return rank;
    }

    /// <summary>Where the given row begins in the strided array; the shape and strides are those of the axes before the row.</summary>
    public static int Offset(int row, ReadOnlySpan<int> shape, ReadOnlySpan<int> strides)
    {
        int offset = 0;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            (row, int digit) = Math.DivRem(row, shape[k]);
            offset += digit * strides[k];
        }
        return offset;
    }
}

namespace Transformer.Kernels;

/// <summary>
/// Where the matrices of a batch lie in a span. A batch is counted by two indices, such as sentence (outer) and head
/// (inner); matrix (outer, inner) starts at outer · <paramref name="OuterStride"/> + inner · <paramref name="InnerStride"/>,
/// and each row starts <paramref name="RowStride"/> elements after the one before it. So heads are read where they lie,
/// side by side in each row, without a copy.
/// </summary>
/// <param name="RowStride">Elements from one stored row to the next, at least the length of a row.</param>
/// <param name="OuterStride">Elements from one outer index to the next; 0 repeats the same matrices (inputs only).</param>
/// <param name="InnerStride">Elements from one inner index to the next; 0 repeats the same matrix (inputs only).</param>
/// <param name="Transposed">The stored matrix is the transpose of the one in the product (inputs only).</param>
public readonly record struct MatrixBatch(int RowStride, int OuterStride = 0, int InnerStride = 0, bool Transposed = false)
{
    internal long Start(int outer, int inner) => ((long)outer * OuterStride) + ((long)inner * InnerStride);
}

using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>
/// A part of a batch of matrix products that one kernel call does: two nested runs over matrices, where matrix (o, i)
/// of each tensor starts at Start + o·OuterStride + i·InnerStride elements.
/// </summary>
internal readonly record struct BroadcastBatches(
    int StartA, int StartB, int StartY, int Outer, int Inner,
    (int A, int B, int Y) OuterStride, (int A, int B, int Y) InnerStride)
{
    /// <summary>Cuts a broadcast batch into such parts.</summary>
    /// <param name="batchA">Batch axes of a.</param>
    /// <param name="batchB">Batch axes of b.</param>
    /// <param name="batchY">Batch axes of the output.</param>
    /// <param name="matrixSizes">Elements of one matrix of a, b and y.</param>
    /// <param name="oneByOne">True for parts of a single product: where results are added to the same matrix.</param>
    public static IEnumerable<BroadcastBatches> Of(Shape batchA, Shape batchB, Shape batchY, int[] matrixSizes, bool oneByOne)
    {
        int[] stridesA = Broadcasting.Strides(batchA, batchY);
        int[] stridesB = Broadcasting.Strides(batchB, batchY);
        int[] stridesY = Broadcasting.Strides(batchY, batchY);
        int whole = oneByOne ? 0 : Math.Min(2, batchY.Rank);
        int loops = batchY.Rank - whole;

        (int A, int B, int Y) StrideOf(int axis) =>
            (stridesA[axis] * matrixSizes[0], stridesB[axis] * matrixSizes[1], stridesY[axis] * matrixSizes[2]);

        (int A, int B, int Y) inner = whole >= 1 ? StrideOf(batchY.Rank - 1) : default;
        (int A, int B, int Y) outer = whole == 2 ? StrideOf(batchY.Rank - 2) : default;
        int innerCount = whole >= 1 ? batchY[-1] : 1;
        int outerCount = whole == 2 ? batchY[-2] : 1;
        int parts = batchY.ElementCount == 0 ? 0 : batchY.CountBetween(0, loops);
        int[] index = new int[loops];
        for (int part = 0; part < parts; part++)
        {
            (int a, int b, int y) = (0, 0, 0);
            for (int axis = 0; axis < loops; axis++)
            {
                (int strideA, int strideB, int strideY) = StrideOf(axis);
                a += index[axis] * strideA;
                b += index[axis] * strideB;
                y += index[axis] * strideY;
            }

            yield return new BroadcastBatches(a, b, y, outerCount, innerCount, outer, inner);
            for (int axis = loops - 1; axis >= 0 && ++index[axis] == batchY[axis]; axis--)
                index[axis] = 0;
        }
    }

    public MatrixBatch A(Tensor a, bool transposed = false) => new(a.Shape[-1], OuterStride.A, InnerStride.A, transposed);

    public MatrixBatch B(Tensor b, bool transposed = false) => new(b.Shape[-1], OuterStride.B, InnerStride.B, transposed);

    public MatrixBatch Y(Tensor y, bool transposed = false) => new(y.Shape[-1], OuterStride.Y, InnerStride.Y, transposed);
}

using Transformer.Kernels;

namespace Benchmarks.Matrices;

/// <summary>A matrix product, or a batch of them.</summary>
/// <param name="Batch">How many.</param>
/// <param name="Rows">Of A and C.</param>
/// <param name="Inner">Columns of A, rows of B.</param>
/// <param name="Columns">Of B and C.</param>
internal sealed record ProductShape(int Batch, int Rows, int Inner, int Columns)
{
    /// <summary>The shapes of <c>pytorch/matrix_products.py</c>: squares, the products of a small translator, and those of its attention.</summary>
    public static IReadOnlyList<ProductShape> All { get; } =
    [
        new(1, 32, 32, 32), new(1, 64, 64, 64), new(1, 128, 128, 128), new(1, 256, 256, 256), new(1, 512, 512, 512), new(1, 1024, 1024, 1024),
        new(1, 2048, 128, 512), new(1, 2048, 512, 128), new(1, 128, 2048, 512),
        new(1, 2048, 128, 10000), new(1, 128, 2048, 10000), new(1, 2048, 10000, 128),
        new(512, 32, 16, 32), new(512, 32, 32, 16), new(32, 1024, 16, 1024), new(32, 1024, 1024, 16),
    ];

    /// <summary>Two for each multiply-add.</summary>
    public double Operations => 2.0 * Batch * Rows * Inner * Columns;

    /// <summary>C = op(A) op(B), matrices of the batch one after the other; a transposed one is stored so.</summary>
    public void Multiply(float[] a, bool transposeA, float[] b, bool transposeB, float[] c)
    {
        if (Batch == 1)
        {
            MatrixProduct.Multiply<float>(a, transposeA, b, transposeB, c, Rows, Columns, Inner);
            return;
        }

        MatrixProduct.MultiplyBatched<float>(
            a, new(transposeA ? Rows : Inner, Rows * Inner, Transposed: transposeA), b, new(transposeB ? Inner : Columns, Inner * Columns, Transposed: transposeB),
            c, new(Columns, Rows * Columns), Batch, 1, Rows, Columns, Inner);
    }

    /// <summary>Batch × rows × inner × columns; the PyTorch program has the same.</summary>
    public override string ToString() => (Batch > 1 ? $"{Batch} x " : string.Empty) + $"{Rows} x {Inner} x {Columns}";
}

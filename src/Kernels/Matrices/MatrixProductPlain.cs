using System.Numerics;

namespace Transformer.Kernels;

/// <summary>The matrix product as its formula, to read, to step through and to compare with.</summary>
internal static unsafe class MatrixProductPlain
{
    // cᵢⱼ = (cᵢⱼ or rⱼ +) Σₚ aᵢₚ bₚⱼ
    public static void Multiply<T>(in MatrixProductProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < problem.Rows; i++)
        {
            for (int j = 0; j < problem.Columns; j++)
            {
                T sum = T.Zero;
                for (int p = 0; p < problem.Depth; p++)
                {
                    T a = problem.A[(i * problem.ARow) + (p * problem.AColumn)];
                    T b = problem.B[(p * problem.BRow) + (j * problem.BColumn)];
                    sum += a * b;
                }
                T* c = problem.C + (i * problem.CRow) + j;
                *c = problem.Accumulate ? *c + sum : problem.RowOfC != null ? problem.RowOfC[j] + sum : sum;
            }
        }
    }
}

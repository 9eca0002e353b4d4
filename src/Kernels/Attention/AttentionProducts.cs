using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The three kinds of products between a block of targets and a block of sources. Rows of scores are <c>width</c> apart, rows of
/// a head anywhere; both are whole vectors. What no target sees is left out, a tile at a time.
/// </summary>
internal static unsafe class AttentionProducts<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged
{
    /// <summary>Scores = A Bᵀ, where b holds B transposed, [depth, width]: S = Q Kᵀ, ∂L/∂W̃ = ∂L/∂O Vᵀ.</summary>
    public static void Scores(T* a, nint aRow, T* b, T* scores, int width, int rows, int depth, AttentionReach reach)
    {
        int tile = AttentionTile<V, S, T>.RowsOfTile(rows);
        for (int row = 0; row < rows; row += tile)
        {
            int count = Math.Min(tile, rows - row);
            int vectors = (reach.Count(row + count - 1) + S.Count - 1) / S.Count;
            AttentionTile<V, S, T>.Multiply(a + (row * aRow), aRow, 1, b, width, scores + ((nint)row * width), width, count, vectors, depth, accumulate: false);
        }
    }

    /// <summary>C (+)= W B, from sources to targets: O = W̃ V, ∂L/∂Q = ∂L/∂S K.</summary>
    public static void ToTargets(
        T* weights, int width, T* b, nint bRow, T* c, nint cRow, int rows, int columns, AttentionReach reach, bool accumulate)
    {
        int tile = AttentionTile<V, S, T>.RowsOfTile(rows);
        int vectors = (columns + S.Count - 1) / S.Count;
        for (int row = 0; row < rows; row += tile)
        {
            int count = Math.Min(tile, rows - row);
            AttentionTile<V, S, T>.Multiply(
                weights + ((nint)row * width), width, 1, b, bRow, c + (row * cRow), cRow,
                count, vectors, reach.Count(row + count - 1), accumulate);
        }
    }

    /// <summary>C (+)= Wᵀ B, from targets to sources: ∂L/∂V = W̃ᵀ ∂L/∂O, ∂L/∂K = ∂L/∂Sᵀ Q.</summary>
    public static void ToSources(
        T* weights, int width, T* b, nint bRow, T* c, nint cRow, int rows, int columns, AttentionReach reach, bool accumulate)
    {
        int tile = AttentionTile<V, S, T>.RowsOfTile(reach.Width);
        int vectors = (columns + S.Count - 1) / S.Count;
        for (int source = 0; source < reach.Width; source += tile)
        {
            int first = Math.Min(reach.FirstRow(source), rows);
            AttentionTile<V, S, T>.Multiply(
                weights + ((nint)first * width) + source, 1, width, b + (first * bRow), bRow, c + (source * cRow), cRow,
                Math.Min(tile, reach.Width - source), vectors, rows - first, accumulate);
        }
    }
}

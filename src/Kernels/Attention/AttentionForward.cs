using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The forward pass with vectors: some target rows of a head at a time, so that their scores are still in the cache when the softmax
/// and the product with the values read them.
/// </summary>
internal static unsafe class AttentionForward<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(in AttentionProblem<T> problem) => AttentionHeads.Run<T, AllHeads>(problem, new(problem));

    private readonly struct AllHeads(AttentionProblem<T> problem) : IChunkBody
    {
        public void Run(int chunk) => Head(problem, chunk / problem.Shape.Heads, chunk % problem.Shape.Heads);
    }

    private static void Head(in AttentionProblem<T> problem, int batch, int head)
    {
        AttentionShape shape = problem.Shape;
        bool[] keepBuffer = AttentionBuffers<T>.Keep(shape.SourceLength + S.Count);
        int dropCount = problem.Drops ? AttentionHeads.BlockRows(shape) * shape.SourceLength : 0;
        T[] droppedBuffer = AttentionBuffers<T>.Dropped(dropCount);
        bool[] keptBuffer = AttentionBuffers<T>.Kept(AttentionDropout<V, S, T>.MaskLength(dropCount));
        fixed (bool* keep = keepBuffer, kept = keptBuffer)
        fixed (T* dropped = droppedBuffer)
        {
            for (int first = 0; first < shape.TargetLength; first += AttentionHeads.RowsInBlock)
            {
                int rows = Math.Min(AttentionHeads.RowsInBlock, shape.TargetLength - first);
                int visible = problem.Visible(first + rows - 1); // what the last row sees; none sees more
                Scores(problem, batch, head, first, rows, visible);
                Softmax(problem, batch, head, first, rows, keep);
                if (problem.Drops)
                {
                    AttentionDropout<V, S, T>.Draw(problem, batch, head, first, rows, visible, keptBuffer);
                    T* weights = problem.Weights + problem.WeightIndex(batch, head, first);
                    AttentionDropout<V, S, T>.Apply(problem.DropoutRate, kept, weights, shape.SourceLength, dropped, rows, visible);
                }
                Output(problem, batch, head, first, rows, visible, dropped);
            }
        }
    }

    // S = Q Kᵀ, into the memory of the weights
    private static void Scores(in AttentionProblem<T> problem, int batch, int head, int first, int rows, int visible)
    {
        AttentionShape shape = problem.Shape;
        MatrixProductBlocks<V, S, T>.Multiply(new MatrixProductProblem<T>
        {
            A = problem.TargetRow(problem.Query, shape.QueryStride, batch, head, first),
            ARow = shape.QueryStride,
            AColumn = 1,
            B = problem.SourceRow(problem.Key, shape.KeyStride, batch, head, 0),
            BRow = 1,
            BColumn = shape.KeyStride,
            C = problem.Weights + problem.WeightIndex(batch, head, first),
            CRow = shape.SourceLength,
            Rows = rows,
            Columns = visible,
            Depth = shape.HeadSize,
            Accumulate = false,
        });
    }

    // W = softmax(scale · S) over what each target may attend to; 0 elsewhere
    private static void Softmax(in AttentionProblem<T> problem, int batch, int head, int first, int rows, bool* keep)
    {
        int length = problem.Shape.SourceLength;
        bool sameForAll = !problem.Causal && problem.AllowedTargetStride == 0;
        for (int target = first; target < first + rows; target++)
        {
            int visible = problem.Visible(target);
            if (problem.Allowed != null && (target == first || !sameForAll))
                AttentionRows<V, S, T>.Keep(problem.AllowedRow(batch, head, target), visible, keep);
            T* row = problem.Weights + problem.WeightIndex(batch, head, target);
            AttentionRows<V, S, T>.Softmax(row, problem.Allowed == null ? null : keep, visible, problem.Scale);
            new Span<T>(row + visible, length - visible).Clear();
        }
    }

    // O = W V, with the dropped weights where there is dropout
    private static void Output(in AttentionProblem<T> problem, int batch, int head, int first, int rows, int visible, T* dropped)
    {
        AttentionShape shape = problem.Shape;
        MatrixProductBlocks<V, S, T>.Multiply(new MatrixProductProblem<T>
        {
            A = problem.Drops ? dropped : problem.Weights + problem.WeightIndex(batch, head, first),
            ARow = problem.Drops ? visible : shape.SourceLength,
            AColumn = 1,
            B = problem.SourceRow(problem.Value, shape.ValueStride, batch, head, 0),
            BRow = shape.ValueStride,
            BColumn = 1,
            C = problem.TargetRow(problem.Output, shape.OutputStride, batch, head, first),
            CRow = shape.OutputStride,
            Rows = rows,
            Columns = shape.HeadSize,
            Depth = visible,
            Accumulate = false,
        });
    }
}

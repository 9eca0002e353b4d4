using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>The backward pass with vectors, some target rows of a head at a time; see <see cref="Attention.Backward"/> for the formulas.</summary>
internal static unsafe class AttentionBackward<V, S, T>
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
        if (shape.TargetLength == 0)
            ClearSourceGradients(problem, batch, head, 0);

        int size = AttentionHeads.BlockRows(shape) * shape.SourceLength;
        bool needsScores = problem.QueryGradient != null || problem.KeyGradient != null;
        T[] gradientBuffer = needsScores ? AttentionBuffers<T>.Gradient(size) : [];
        int dropCount = problem.Drops ? size : 0;
        T[] droppedBuffer = AttentionBuffers<T>.Dropped(dropCount);
        bool[] keptBuffer = AttentionBuffers<T>.Kept(AttentionDropout<V, S, T>.MaskLength(dropCount));
        fixed (T* gradient = gradientBuffer, dropped = droppedBuffer)
        {
            for (int first = 0; first < shape.TargetLength; first += AttentionHeads.RowsInBlock)
            {
                int rows = Math.Min(AttentionHeads.RowsInBlock, shape.TargetLength - first);
                int visible = Visible(problem, batch, head, first, rows);
                if (first == 0)
                    ClearSourceGradients(problem, batch, head, visible);

                var block = new Block(problem, batch, head, first, rows, visible);
                if (needsScores)
                    block.WeightGradient(gradient);
                if (problem.Drops)
                    block.Drop(keptBuffer, needsScores ? gradient : null, dropped);
                if (problem.ValueGradient != null)
                    block.ValueGradient(dropped);
                if (needsScores)
                    block.ScoreGradient(gradient);
                if (problem.QueryGradient != null)
                    block.QueryGradient(gradient);
                if (problem.KeyGradient != null)
                    block.KeyGradient(gradient);
            }
        }
    }

    // Weights behind the last that is not 0 (half of them where attention is causal) take no part in any product.
    private static int Visible(in AttentionProblem<T> problem, int batch, int head, int first, int rows)
    {
        int visible = 0;
        for (int target = first; target < first + rows; target++)
        {
            var row = new ReadOnlySpan<T>(problem.Weights + problem.WeightIndex(batch, head, target), problem.Shape.SourceLength);
            visible += row[visible..].LastIndexOfAnyExcept(T.Zero) + 1;
        }
        return visible;
    }

    // The first block of targets assigns the gradients of the sources that it sees; the others start at 0.
    private static void ClearSourceGradients(in AttentionProblem<T> problem, int batch, int head, int from)
    {
        AttentionShape shape = problem.Shape;
        for (int source = from; source < shape.SourceLength; source++)
        {
            if (problem.KeyGradient != null)
                new Span<T>(problem.SourceRow(problem.KeyGradient, shape.KeyStride, batch, head, source), shape.HeadSize).Clear();
            if (problem.ValueGradient != null)
                new Span<T>(problem.SourceRow(problem.ValueGradient, shape.ValueStride, batch, head, source), shape.HeadSize).Clear();
        }
    }

    /// <summary>Target rows first to first + rows − 1 of one head, and the sources that they see. Gradient and dropped weights are dense [rows, visible].</summary>
    private readonly struct Block(AttentionProblem<T> problem, int batch, int head, int first, int rows, int visible)
    {
        private T* Query => problem.TargetRow(problem.Query, problem.Shape.QueryStride, batch, head, first);

        private T* OutputGradient => problem.TargetRow(problem.Output, problem.Shape.OutputStride, batch, head, first);

        private T* Weights(int row) => problem.Weights + problem.WeightIndex(batch, head, first + row);

        // ∂L/∂W̃ = ∂L/∂O Vᵀ
        public void WeightGradient(T* gradient) =>
            Multiply(
                OutputGradient, problem.Shape.OutputStride, 1,
                problem.SourceRow(problem.Value, problem.Shape.ValueStride, batch, head, 0), 1, problem.Shape.ValueStride,
                gradient, visible, rows, visible, problem.Shape.HeadSize, accumulate: false);

        // W̃ = W ⊙ D;  ∂L/∂W = ∂L/∂W̃ ⊙ D
        public void Drop(bool[] keptBuffer, T* gradient, T* dropped)
        {
            AttentionDropout<V, S, T>.Draw(problem, batch, head, first, rows, visible, keptBuffer);
            fixed (bool* kept = keptBuffer)
            {
                AttentionDropout<V, S, T>.Apply(problem.DropoutRate, kept, Weights(0), problem.Shape.SourceLength, dropped, rows, visible);
                if (gradient != null)
                    AttentionDropout<V, S, T>.Apply(problem.DropoutRate, kept, gradient, visible, gradient, rows, visible);
            }
        }

        // ∂L/∂V (+)= W̃ᵀ ∂L/∂O
        public void ValueGradient(T* dropped) =>
            Multiply(
                problem.Drops ? dropped : Weights(0), 1, problem.Drops ? visible : problem.Shape.SourceLength,
                OutputGradient, problem.Shape.OutputStride, 1,
                problem.SourceRow(problem.ValueGradient, problem.Shape.ValueStride, batch, head, 0), problem.Shape.ValueStride,
                visible, problem.Shape.HeadSize, rows, accumulate: first > 0);

        // scale ∂L/∂S = scale W ⊙ (∂L/∂W − Σ W ⊙ ∂L/∂W), in place of ∂L/∂W
        public void ScoreGradient(T* gradient)
        {
            for (int row = 0; row < rows; row++)
                AttentionRows<V, S, T>.SoftmaxGradient(Weights(row), gradient + ((long)row * visible), visible, problem.Scale);
        }

        // ∂L/∂Q = scale ∂L/∂S K
        public void QueryGradient(T* gradient) =>
            Multiply(
                gradient, visible, 1,
                problem.SourceRow(problem.Key, problem.Shape.KeyStride, batch, head, 0), problem.Shape.KeyStride, 1,
                problem.TargetRow(problem.QueryGradient, problem.Shape.QueryStride, batch, head, first), problem.Shape.QueryStride,
                rows, problem.Shape.HeadSize, visible, accumulate: false);

        // ∂L/∂K (+)= scale ∂L/∂Sᵀ Q
        public void KeyGradient(T* gradient) =>
            Multiply(
                gradient, 1, visible,
                Query, problem.Shape.QueryStride, 1,
                problem.SourceRow(problem.KeyGradient, problem.Shape.KeyStride, batch, head, 0), problem.Shape.KeyStride,
                visible, problem.Shape.HeadSize, rows, accumulate: first > 0);

        private static void Multiply(
            T* a, nint aRow, nint aColumn, T* b, nint bRow, nint bColumn, T* c, nint cRow, int m, int n, int k, bool accumulate) =>
            MatrixProductBlocks<V, S, T>.Multiply(new MatrixProductProblem<T>
            {
                A = a,
                ARow = aRow,
                AColumn = aColumn,
                B = b,
                BRow = bRow,
                BColumn = bColumn,
                C = c,
                CRow = cRow,
                Rows = m,
                Columns = n,
                Depth = k,
                Accumulate = accumulate,
            });
    }
}

using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The backward pass with vectors; see <see cref="Attention.Backward"/> for the formulas. Weights are computed again from scores, a block of
/// targets and sources at a time (Dao et al. 2022, "FlashAttention", section 3.1). One thread does all of a head, in one order.
/// </summary>
internal static unsafe class AttentionBackward<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(in AttentionProblem<T> problem) => AttentionItems.Run(problem, 1, default(Head));

    private readonly struct Head : IAttentionItem<T>
    {
        public void Run(in AttentionProblem<T> problem, in AttentionHead<T> head, int part)
        {
            AttentionShape shape = problem.Shape;
            var scratch = new Scratch(problem, head, null);
            scratch = new(problem, head, AttentionScratch.Of(scratch.Bytes));
            int visible = head.Targets == 0 ? 0 : head.Visible(head.Targets - 1);
            // Σ over sources of W̃ ⊙ ∂L/∂W̃ = ∂L/∂O · O, where a row of weights is not at hand as a whole
            if (visible > AttentionBlock<V, S, T>.MostColumns)
                AttentionRows<V, S, T>.Dots(head.OutputGradient, head.Output, shape.OutputStride, head.Targets, shape.HeadSize, scratch.Means);
            for (int source = 0; source < visible; source += AttentionBlock<V, S, T>.MostColumns)
                Sources(problem, head, ref scratch, source, Math.Min(AttentionBlock<V, S, T>.MostColumns, visible - source), visible);

            // What no target sees has no gradient.
            if (head.KeyGradient != null)
                AttentionCopies<V, S, T>.Clear(head.KeyGradient + ((long)visible * shape.KeyStride), shape.KeyStride, head.AllSources - visible, shape.HeadSize);
            if (head.ValueGradient != null)
                AttentionCopies<V, S, T>.Clear(head.ValueGradient + ((long)visible * shape.ValueStride), shape.ValueStride, head.AllSources - visible, shape.HeadSize);
            if (head.QueryGradient == null)
                return;
            if (visible == 0)
                AttentionCopies<V, S, T>.Clear(head.QueryGradient, shape.QueryStride, head.Targets, shape.HeadSize);
            else if (!scratch.IsWhole)
                AttentionCopies<V, S, T>.Store(scratch.QueryGradient, head.Targets, shape.HeadSize, null, head.QueryGradient, shape.QueryStride);
        }
    }

    // All targets against one block of sources.
    private static void Sources(in AttentionProblem<T> problem, in AttentionHead<T> head, ref Scratch scratch, int source, int width, int visible)
    {
        AttentionShape shape = problem.Shape;
        nint keyStride = shape.KeyStride;
        T* keys = head.Key + (source * keyStride);
        AttentionCopies<V, S, T>.LoadTransposed(keys, keyStride, width, shape.HeadSize, scratch.KeyTransposed);
        AttentionCopies<V, S, T>.LoadTransposed(head.Value + ((long)source * shape.ValueStride), shape.ValueStride, width, shape.HeadSize, scratch.ValueTransposed);
        keys = AttentionCopies<V, S, T>.Rows(keys, ref keyStride, width, shape.HeadSize, head.Targets > AttentionBlock<V, S, T>.MostRows, scratch.Keys);
        bool isFirst = true;
        for (int target = 0; target < head.Targets; target += AttentionBlock<V, S, T>.MostRows)
        {
            int rows = Math.Min(AttentionBlock<V, S, T>.MostRows, head.Targets - target);
            if (source > 0 && head.Visible(target + rows - 1) <= source)
                continue;
            scratch.Block.MoveTo(problem, head, target, rows, source, width);
            Targets(problem, head, scratch, keys, keyStride, source, target, !isFirst, visible <= AttentionBlock<V, S, T>.MostColumns);
            isFirst = false;
        }

        if (head.KeyGradient != null && !scratch.IsWhole)
            AttentionCopies<V, S, T>.Store(scratch.KeyGradient, width, shape.HeadSize, null, head.KeyGradient + (source * (nint)shape.KeyStride), shape.KeyStride);
        if (head.ValueGradient != null && !scratch.IsWhole)
            AttentionCopies<V, S, T>.Store(scratch.ValueGradient, width, shape.HeadSize, null, head.ValueGradient + (source * (nint)shape.ValueStride), shape.ValueStride);
    }

    // One block of targets against one of sources. The first block of targets assigns the sources' gradients, the first of
    // sources the targets'.
    private static void Targets(
        in AttentionProblem<T> problem, in AttentionHead<T> head, in Scratch scratch, T* keys, nint keyStride, int source, int target, bool addToSources, bool isWholeRow)
    {
        AttentionShape shape = problem.Shape;
        ref readonly AttentionBlock<V, S, T> block = ref scratch.Block;
        int rows = block.Rows;

        // W = exp(scale S − maximum) / sum; the same bits as in the forward pass, but for AttentionSingle, which sums scores by lanes
        T* query = head.Query + ((long)target * shape.QueryStride);
        AttentionProducts<V, S, T>.Scores(query, shape.QueryStride, scratch.KeyTransposed, block.Scores, block.Width, rows, shape.HeadSize, block.Reach);
        AttentionRows<V, S, T>.Weights(block);

        // ∂L/∂W̃ = ∂L/∂O Vᵀ;  ∂L/∂S and W̃ in their places
        T* gradient = head.OutputGradient + ((long)target * shape.OutputStride);
        AttentionProducts<V, S, T>.Scores(
            gradient, shape.OutputStride, scratch.ValueTransposed, block.Gradients, block.Width, rows, shape.HeadSize, block.Reach);
        AttentionRows<V, S, T>.Gradients(block, isWholeRow ? null : scratch.Means + target);

        // ∂L/∂V += W̃ᵀ ∂L/∂O;  ∂L/∂K += ∂L/∂Sᵀ Q;  ∂L/∂Q += ∂L/∂S K
        bool often = block.Reach.Width > AttentionBlock<V, S, T>.MostRows;
        if (head.ValueGradient != null)
        {
            nint stride = shape.OutputStride;
            T* b = AttentionCopies<V, S, T>.Rows(gradient, ref stride, rows, shape.HeadSize, often, scratch.Rows);
            T* c = scratch.Place(head.ValueGradient, shape.ValueStride, source, scratch.ValueGradient, 0, out nint to);
            AttentionProducts<V, S, T>.ToSources(block.Scores, block.Width, b, stride, c, to, rows, shape.HeadSize, block.Reach, addToSources);
        }

        if (head.KeyGradient != null)
        {
            nint stride = shape.QueryStride;
            T* b = AttentionCopies<V, S, T>.Rows(query, ref stride, rows, shape.HeadSize, often, scratch.Rows);
            T* c = scratch.Place(head.KeyGradient, shape.KeyStride, source, scratch.KeyGradient, 0, out nint to);
            AttentionProducts<V, S, T>.ToSources(block.Gradients, block.Width, b, stride, c, to, rows, shape.HeadSize, block.Reach, addToSources);
        }

        if (head.QueryGradient != null)
        {
            T* c = scratch.Place(head.QueryGradient, shape.QueryStride, target, scratch.QueryGradient, target, out nint to);
            AttentionProducts<V, S, T>.ToTargets(block.Gradients, block.Width, keys, keyStride, c, to, rows, shape.HeadSize, block.Reach, source > 0);
        }
    }

    private struct Scratch
    {
        public AttentionBlock<V, S, T> Block;
        public bool IsWhole;         // rows of a head are whole vectors: gradients are written to their tensors at once
        public int Size;             // of a row of a head, in whole vectors
        public T* Keys;              // [sources, headSize]
        public T* KeyTransposed;     // [headSize, sources]
        public T* ValueTransposed;   // [headSize, sources]
        public T* KeyGradient;       // [sources, headSize]
        public T* ValueGradient;     // [sources, headSize]
        public T* Rows;              // queries or output gradients of a block, [targets, headSize]
        public T* QueryGradient;     // of all targets, [targets, headSize]
        public T* Means;             // of all targets
        public long Bytes;

        public Scratch(in AttentionProblem<T> problem, in AttentionHead<T> head, byte* memory)
        {
            byte* at = memory;
            Size = AttentionCopies<V, S, T>.Whole(problem.Shape.HeadSize);
            IsWhole = Size == problem.Shape.HeadSize;
            int columns = AttentionCopies<V, S, T>.Whole(Math.Min(AttentionBlock<V, S, T>.MostColumns, head.Sources));
            Block = new(problem, head.Targets, head.Sources, gradients: true, ref at);
            Keys = AttentionScratch.Cut<T>(ref at, columns * Size);
            KeyTransposed = AttentionScratch.Cut<T>(ref at, columns * Size);
            ValueTransposed = AttentionScratch.Cut<T>(ref at, columns * Size);
            Rows = AttentionScratch.Cut<T>(ref at, Math.Min(AttentionBlock<V, S, T>.MostRows, head.Targets) * Size);
            Means = AttentionScratch.Cut<T>(ref at, head.Targets);
            if (!IsWhole)
            {
                KeyGradient = AttentionScratch.Cut<T>(ref at, columns * Size);
                ValueGradient = AttentionScratch.Cut<T>(ref at, columns * Size);
                QueryGradient = AttentionScratch.Cut<T>(ref at, (long)head.Targets * Size);
            }

            Bytes = at - memory;
        }

        // Where a gradient's rows are summed up: in the tensor, or in scratch memory.
        public readonly T* Place(T* tensor, nint stride, int row, T* own, int ownRow, out nint placeStride)
        {
            placeStride = IsWhole ? stride : Size;
            return IsWhole ? tensor + (row * stride) : own + (ownRow * (nint)Size);
        }
    }
}

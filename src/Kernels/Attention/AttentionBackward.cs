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
            if (visible > AttentionBlock<V, S, T>.MostColumns)
                Means(problem, head, scratch.Means);
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
            else
                AttentionCopies<V, S, T>.Store(scratch.QueryGradient, head.Targets, shape.HeadSize, problem.Scale, head.QueryGradient, shape.QueryStride);
        }
    }

    // Σ over sources of W̃ ⊙ ∂L/∂W̃ = ∂L/∂O · O
    private static void Means(in AttentionProblem<T> problem, in AttentionHead<T> head, T* means)
    {
        nint stride = problem.Shape.OutputStride;
        for (nint target = 0; target < head.Targets; target++)
            means[target] = AttentionRows<V, S, T>.Dot(head.OutputGradient + (target * stride), head.Output + (target * stride), problem.Shape.HeadSize);
    }

    // All targets against one block of sources.
    private static void Sources(in AttentionProblem<T> problem, in AttentionHead<T> head, ref Scratch scratch, int source, int width, int visible)
    {
        AttentionShape shape = problem.Shape;
        AttentionCopies<V, S, T>.Load(head.Value + ((long)source * shape.ValueStride), shape.ValueStride, width, shape.HeadSize, scratch.Keys);
        AttentionCopies<V, S, T>.Transpose(scratch.Keys, width, scratch.Size, scratch.ValueTransposed);
        AttentionCopies<V, S, T>.Load(head.Key + ((long)source * shape.KeyStride), shape.KeyStride, width, shape.HeadSize, scratch.Keys);
        AttentionCopies<V, S, T>.Transpose(scratch.Keys, width, scratch.Size, scratch.KeyTransposed);
        bool isFirst = true;
        for (int target = 0; target < head.Targets; target += AttentionBlock<V, S, T>.MostRows)
        {
            int rows = Math.Min(AttentionBlock<V, S, T>.MostRows, head.Targets - target);
            if (source > 0 && head.Visible(target + rows - 1) <= source)
                continue;
            scratch.Block.MoveTo(problem, head, target, rows, source, width);
            Targets(problem, head, scratch, target, source > 0, !isFirst, visible <= AttentionBlock<V, S, T>.MostColumns);
            isFirst = false;
        }

        if (head.KeyGradient != null)
        {
            T* to = head.KeyGradient + ((long)source * shape.KeyStride);
            AttentionCopies<V, S, T>.Store(scratch.KeyGradient, width, shape.HeadSize, problem.Scale, to, shape.KeyStride);
        }

        if (head.ValueGradient != null)
        {
            T* to = head.ValueGradient + ((long)source * shape.ValueStride);
            AttentionCopies<V, S, T>.Store(scratch.ValueGradient, width, shape.HeadSize, T.One, to, shape.ValueStride);
        }
    }

    // One block of targets against one of sources. The first block of targets assigns the sources' gradients, the first of sources the targets'.
    private static void Targets(
        in AttentionProblem<T> problem, in AttentionHead<T> head, in Scratch scratch, int target, bool addToTargets, bool addToSources, bool isWholeRow)
    {
        AttentionShape shape = problem.Shape;
        ref readonly AttentionBlock<V, S, T> block = ref scratch.Block;
        int rows = block.Rows;

        // W = exp(scale S − maximum) / sum, as in the forward pass
        T* query = head.Query + ((long)target * shape.QueryStride);
        AttentionProducts<V, S, T>.Scores(query, shape.QueryStride, scratch.KeyTransposed, block.Scores, block.Width, rows, shape.HeadSize, block.Reach);
        AttentionRows<V, S, T>.Weights(block);

        // ∂L/∂W̃ = ∂L/∂O Vᵀ;  ∂L/∂S and W̃ in their places
        T* gradient = head.OutputGradient + ((long)target * shape.OutputStride);
        AttentionProducts<V, S, T>.Scores(
            gradient, shape.OutputStride, scratch.ValueTransposed, block.Gradients, block.Width, rows, shape.HeadSize, block.Reach);
        AttentionRows<V, S, T>.Gradients(block, isWholeRow ? null : scratch.Means + target);

        // ∂L/∂V += W̃ᵀ ∂L/∂O;  ∂L/∂K += ∂L/∂Sᵀ Q;  ∂L/∂Q += ∂L/∂S K
        if (head.ValueGradient != null)
        {
            AttentionCopies<V, S, T>.Load(gradient, shape.OutputStride, rows, shape.HeadSize, scratch.Rows);
            AttentionProducts<V, S, T>.ToSources(block.Scores, block.Width, scratch.Rows, scratch.ValueGradient, scratch.Size, rows, block.Reach, addToSources);
        }

        if (head.KeyGradient != null)
        {
            AttentionCopies<V, S, T>.Load(query, shape.QueryStride, rows, shape.HeadSize, scratch.Rows);
            AttentionProducts<V, S, T>.ToSources(block.Gradients, block.Width, scratch.Rows, scratch.KeyGradient, scratch.Size, rows, block.Reach, addToSources);
        }

        if (head.QueryGradient != null)
        {
            T* to = scratch.QueryGradient + ((nint)target * scratch.Size);
            AttentionProducts<V, S, T>.ToTargets(block.Gradients, block.Width, scratch.Keys, to, scratch.Size, rows, block.Reach, addToTargets);
        }
    }

    private struct Scratch
    {
        public AttentionBlock<V, S, T> Block;
        public int Size;             // of a row of a head, in whole vectors
        public T* Keys;              // [sources, headSize]
        public T* KeyTransposed;     // [headSize, sources]
        public T* ValueTransposed;   // [headSize, sources]
        public T* KeyGradient;       // [sources, headSize], before scaling
        public T* ValueGradient;     // [sources, headSize]
        public T* Rows;              // queries or output gradients of a block, [targets, headSize]
        public T* QueryGradient;     // of all targets, [targets, headSize], before scaling
        public T* Means;             // of all targets
        public long Bytes;

        public Scratch(in AttentionProblem<T> problem, in AttentionHead<T> head, byte* memory)
        {
            byte* at = memory;
            Size = AttentionCopies<V, S, T>.Whole(problem.Shape.HeadSize);
            int columns = AttentionCopies<V, S, T>.Whole(Math.Min(AttentionBlock<V, S, T>.MostColumns, head.Sources));
            Block = new(problem, head.Targets, head.Sources, gradients: true, ref at);
            Keys = AttentionScratch.Cut<T>(ref at, columns * Size);
            KeyTransposed = AttentionScratch.Cut<T>(ref at, columns * Size);
            ValueTransposed = AttentionScratch.Cut<T>(ref at, columns * Size);
            KeyGradient = AttentionScratch.Cut<T>(ref at, columns * Size);
            ValueGradient = AttentionScratch.Cut<T>(ref at, columns * Size);
            Rows = AttentionScratch.Cut<T>(ref at, Math.Min(AttentionBlock<V, S, T>.MostRows, head.Targets) * Size);
            QueryGradient = AttentionScratch.Cut<T>(ref at, (long)head.Targets * Size);
            Means = AttentionScratch.Cut<T>(ref at, head.Targets);
            Bytes = at - memory;
        }
    }
}

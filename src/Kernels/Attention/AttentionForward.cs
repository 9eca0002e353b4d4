using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The forward pass with vectors. Scores live in scratch memory a block of targets and sources at a time; where a row has several
/// blocks, the output is summed up along with the maximum and the sum of powers (Dao et al. 2022, "FlashAttention",
/// section 3.1), so that memory grows with the length, not with its square.
/// </summary>
internal static unsafe class AttentionForward<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Targets of a part: each part copies keys and values for itself.</summary>
    private const int TargetsInPart = 4 * AttentionBlock<V, S, T>.MostRows;

    public static void Run(in AttentionProblem<T> problem)
    {
        if (AttentionSingle<V, S, T>.Suits(problem))
            AttentionSingle<V, S, T>.Run(problem);
        else
            AttentionItems.Run(problem, Math.Max(1, (problem.LongestTarget + TargetsInPart - 1) / TargetsInPart), default(Part));
    }

    private readonly struct Part : IAttentionItem<T>
    {
        public void Run(in AttentionProblem<T> problem, in AttentionHead<T> head, int part)
        {
            int first = part * TargetsInPart;
            int targets = Math.Min(TargetsInPart, head.Targets - first);
            if (targets <= 0)
                return;
            new Span<T>(head.Maximum + first, targets).Fill(T.NegativeInfinity);
            new Span<T>(head.Inverse + first, targets).Clear();
            var scratch = new Scratch(problem, targets, head.Sources, null);
            scratch = new(problem, targets, head.Sources, AttentionScratch.Of(scratch.Bytes));
            int visible = head.Visible(first + targets - 1);
            for (int source = 0; source < visible; source += AttentionBlock<V, S, T>.MostColumns)
                Sources(problem, head, ref scratch, first, targets, source, Math.Min(AttentionBlock<V, S, T>.MostColumns, visible - source));
            Finish(problem, head, scratch, first, targets, isEmpty: visible == 0);
        }
    }

    // All targets of the part against one block of sources.
    private static void Sources(
        in AttentionProblem<T> problem, in AttentionHead<T> head, ref Scratch scratch, int first, int targets, int source, int width)
    {
        AttentionShape shape = problem.Shape;
        ref AttentionBlock<V, S, T> block = ref scratch.Block;
        AttentionCopies<V, S, T>.LoadTransposed(head.Key + ((long)source * shape.KeyStride), shape.KeyStride, width, shape.HeadSize, scratch.KeyTransposed);
        nint valueStride = shape.ValueStride;
        T* values = AttentionCopies<V, S, T>.Rows(
            head.Value + (source * valueStride), ref valueStride, width, shape.HeadSize, targets > AttentionBlock<V, S, T>.MostRows, scratch.Values);
        for (int start = 0; start < targets; start += AttentionBlock<V, S, T>.MostRows)
        {
            int target = first + start;
            int rows = Math.Min(AttentionBlock<V, S, T>.MostRows, targets - start);
            if (source > 0 && head.Visible(target + rows - 1) <= source)
                continue;
            block.MoveTo(problem, head, target, rows, source, width);

            // S = Q Kᵀ;  P̃ = dropout(exp(scale S − maximum));  O (+)= P̃ V
            AttentionProducts<V, S, T>.Scores(
                head.Query + ((long)target * shape.QueryStride), shape.QueryStride, scratch.KeyTransposed,
                block.Scores, block.Width, rows, shape.HeadSize, block.Reach);
            AttentionRows<V, S, T>.Powers(block, scratch.Growth);
            T* output = scratch.Output + ((nint)start * scratch.Size);
            if (source > 0)
                AttentionRows<V, S, T>.Multiply(output, scratch.Size, rows, scratch.Growth);
            AttentionProducts<V, S, T>.ToTargets(
                block.Scores, block.Width, values, valueStride, output, scratch.Size, rows, shape.HeadSize, block.Reach, source > 0);
        }
    }

    // O = P̃ V / Σ P, and the sums' inverses; with nothing to attend to, zeros.
    private static void Finish(in AttentionProblem<T> problem, in AttentionHead<T> head, in Scratch scratch, int first, int targets, bool isEmpty)
    {
        AttentionShape shape = problem.Shape;
        T* to = head.Output + ((long)first * shape.OutputStride);
        if (isEmpty)
        {
            AttentionCopies<V, S, T>.Clear(to, shape.OutputStride, targets, shape.HeadSize);
            return;
        }

        for (int target = 0; target < targets; target++)
        {
            T sum = head.Inverse[first + target];
            T inverse = sum == T.Zero ? T.Zero : T.One / sum;
            head.Inverse[first + target] = inverse;
            scratch.Factors[target] = inverse * scratch.Block.KeptScale;
        }

        AttentionCopies<V, S, T>.Store(scratch.Output, targets, shape.HeadSize, scratch.Factors, to, shape.OutputStride);
    }

    private struct Scratch
    {
        public AttentionBlock<V, S, T> Block;
        public int Size;           // of a row of a head, in whole vectors
        public T* Values;          // [sources, headSize]
        public T* KeyTransposed;   // [headSize, sources]
        public T* Output;          // [targets, headSize]
        public T* Growth;          // of each row of the block
        public T* Factors;         // of each target
        public long Bytes;

        public Scratch(in AttentionProblem<T> problem, int targets, int sources, byte* memory)
        {
            byte* at = memory;
            Size = AttentionCopies<V, S, T>.Whole(problem.Shape.HeadSize);
            int columns = AttentionCopies<V, S, T>.Whole(Math.Min(AttentionBlock<V, S, T>.MostColumns, sources));
            Block = new(problem, targets, sources, gradients: false, ref at);
            Values = AttentionScratch.Cut<T>(ref at, columns * Size);
            KeyTransposed = AttentionScratch.Cut<T>(ref at, columns * Size);
            Output = AttentionScratch.Cut<T>(ref at, targets * Size);
            Growth = AttentionScratch.Cut<T>(ref at, AttentionBlock<V, S, T>.MostRows);
            Factors = AttentionScratch.Cut<T>(ref at, targets);
            Bytes = at - memory;
        }
    }
}

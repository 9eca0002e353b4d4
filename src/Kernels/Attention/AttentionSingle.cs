using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// The forward pass where each sequence has one target, which is a step of decoding: keys and values are read once, where they
/// lie. To lay them out for matrix products, as <see cref="AttentionForward{V, S, T}"/> does, would cost more than the products.
/// </summary>
internal static unsafe class AttentionSingle<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether a problem is of this kind.</summary>
    public static bool Suits(in AttentionProblem<T> problem) => problem.LongestTarget == 1 && !problem.Drops;

    public static void Run(in AttentionProblem<T> problem) => AttentionItems.Run(problem, parts: 1, default(Target));

    private readonly struct Target : IAttentionItem<T>
    {
        public void Run(in AttentionProblem<T> problem, in AttentionHead<T> head, int part)
        {
            if (head.Targets == 0)
                return;
            int count = head.Visible(0);
            T* sums = (T*)AttentionScratch.Of((long)sizeof(T) * ((S.Count * S.Count) + count + S.Count));
            T* scores = sums + (S.Count * S.Count);
            Scores(problem, head, scores, sums, count);
            (*head.Maximum, *head.Inverse) = Powers(scores, count);
            Output(problem, head, scores, count);
        }
    }

    // sᵤ = scale q · kᵤ;  −∞ where masked
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores(in AttentionProblem<T> problem, in AttentionHead<T> head, T* scores, T* sums, int count)
    {
        int size = problem.Shape.HeadSize;
        T* key = head.Key;
        nint next = Next(problem, problem.Shape.KeyStride);
        for (int first = 0; first < count; first += S.Count)
        {
            // A vector of partial sums for each source, and from as many of them as a vector has elements one vector of scores.
            int sources = Math.Min(S.Count, count - first);
            for (int source = 0; source < sources; source++, key += problem.Shape.KeyStride)
            {
                V sum = S.Zero;
                for (int i = 0; i < size; i += S.Count)
                {
                    Cache.Fetch(key + i + next);
                    sum = S.MultiplyAdd(Load(head.Query + i, size - i), Load(key + i, size - i), sum);
                }

                S.Store(sum, ref sums[source * S.Count]);
            }

            for (int source = sources; source < S.Count; source++)
                S.Store(S.Zero, ref sums[source * S.Count]);
            S.Store(S.Multiply(RowGroup.Sum<V, S, T>(new(sums, S.Count * S.Count), S.Count), S.Fill(problem.Scale)), ref scores[first]);
        }

        bool* allowed = head.AllowedRow(0);
        for (int source = 0; allowed != null && source < count; source++)
            scores[source] = allowed[source] ? scores[source] : T.NegativeInfinity;
    }

    // sᵤ ← exp(sᵤ − maximum); the maximum, and the inverse of the sum
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (T Maximum, T Inverse) Powers(T* scores, int count)
    {
        S.Store(S.Fill(T.NegativeInfinity), ref scores[count]); // to the end of a vector
        V largest = S.Fill(T.NegativeInfinity);
        for (int i = 0; i < count; i += S.Count)
            largest = S.Max(largest, S.Load(ref scores[i]));
        T maximum = S.MaxElement(largest);

        // Subtract the maximum so that exp cannot overflow; with nothing allowed any shift will do, and −∞ would make NaN.
        V shift = S.Fill(T.IsNegativeInfinity(maximum) ? T.Zero : -maximum);
        V sums = S.Zero;
        for (int i = 0; i < count; i += S.Count)
        {
            V power = VectorMath.Exp<V, S, T>(S.Add(S.Load(ref scores[i]), shift));
            S.Store(power, ref scores[i]);
            sums = S.Add(sums, power);
        }

        T sum = S.Sum(sums);
        return (maximum, sum == T.Zero ? T.Zero : T.One / sum);
    }

    // o = Σᵤ pᵤ vᵤ · inverse
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Output(in AttentionProblem<T> problem, in AttentionHead<T> head, T* powers, int count)
    {
        int size = problem.Shape.HeadSize;
        nint stride = problem.Shape.ValueStride;
        nint next = Next(problem, stride);
        V inverse = S.Fill(*head.Inverse);
        for (int i = 0; i < size; i += S.Count)
        {
            int lanes = size - i;
            T* value = head.Value + i;
            V sum0 = S.Zero, sum1 = S.Zero, sum2 = S.Zero, sum3 = S.Zero;
            int source = 0;
            for (; source <= count - 4; source += 4, value += 4 * stride)
            {
                T* ahead = value + next;
                Cache.Fetch(ahead);
                Cache.Fetch(ahead + stride);
                Cache.Fetch(ahead + (2 * stride));
                Cache.Fetch(ahead + (3 * stride));
                sum0 = S.MultiplyAdd(S.Fill(powers[source]), Load(value, lanes), sum0);
                sum1 = S.MultiplyAdd(S.Fill(powers[source + 1]), Load(value + stride, lanes), sum1);
                sum2 = S.MultiplyAdd(S.Fill(powers[source + 2]), Load(value + (2 * stride), lanes), sum2);
                sum3 = S.MultiplyAdd(S.Fill(powers[source + 3]), Load(value + (3 * stride), lanes), sum3);
            }

            for (; source < count; source++, value += stride)
                sum0 = S.MultiplyAdd(S.Fill(powers[source]), Load(value, lanes), sum0);
            V output = S.Multiply(S.Add(S.Add(sum0, sum1), S.Add(sum2, sum3)), inverse);
            S.StoreFirst(output, ref head.Output[i], Math.Min(lanes, S.Count));
        }
    }

    // From a key or value to the same of the next sequence. Caches are filled by the layers in turn, so they lie far away; a row of one head is
    // too short for the machine to see what comes next. Fetched one sequence ahead it is there in time.
    private static nint Next(in AttentionProblem<T> problem, nint stride) => problem.Shape.SourceLength * stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* start, int lanes) => lanes >= S.Count ? S.Load(ref *start) : S.LoadFirst(ref *start, lanes);
}

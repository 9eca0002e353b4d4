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
            T* scores = (T*)AttentionScratch.Of((long)sizeof(T) * (count + S.Count));
            Scores(problem, head, scores, count);
            (*head.Maximum, *head.Inverse) = Powers(scores, count);
            Output(problem, head, scores, count);
        }
    }

    // sᵤ = scale q · kᵤ;  −∞ where masked
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores(in AttentionProblem<T> problem, in AttentionHead<T> head, T* scores, int count)
    {
        int size = problem.Shape.HeadSize;
        nint stride = problem.Shape.KeyStride;
        T* query = head.Query;
        int source = 0;
        // Four at a time, because one sum alone would wait for its own last addition.
        for (; source <= count - 4; source += 4)
        {
            T* k0 = head.Key + (source * stride);
            T* k1 = k0 + stride;
            T* k2 = k1 + stride;
            T* k3 = k2 + stride;
            V sum0 = S.Zero, sum1 = S.Zero, sum2 = S.Zero, sum3 = S.Zero;
            for (int i = 0; i < size; i += S.Count)
            {
                int lanes = size - i;
                V q = Load(query + i, lanes);
                sum0 = S.MultiplyAdd(q, Load(k0 + i, lanes), sum0);
                sum1 = S.MultiplyAdd(q, Load(k1 + i, lanes), sum1);
                sum2 = S.MultiplyAdd(q, Load(k2 + i, lanes), sum2);
                sum3 = S.MultiplyAdd(q, Load(k3 + i, lanes), sum3);
            }

            scores[source] = S.Sum(sum0) * problem.Scale;
            scores[source + 1] = S.Sum(sum1) * problem.Scale;
            scores[source + 2] = S.Sum(sum2) * problem.Scale;
            scores[source + 3] = S.Sum(sum3) * problem.Scale;
        }

        for (; source < count; source++)
            scores[source] = AttentionRows<V, S, T>.Dot(query, head.Key + (source * stride), size) * problem.Scale;
        bool* allowed = head.AllowedRow(0);
        for (source = 0; allowed != null && source < count; source++)
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
        V inverse = S.Fill(*head.Inverse);
        for (int i = 0; i < size; i += S.Count)
        {
            int lanes = size - i;
            T* value = head.Value + i;
            V sum0 = S.Zero, sum1 = S.Zero, sum2 = S.Zero, sum3 = S.Zero;
            int source = 0;
            for (; source <= count - 4; source += 4, value += 4 * stride)
            {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* start, int lanes) => lanes >= S.Count ? S.Load(ref *start) : S.LoadFirst(ref *start, lanes);
}

using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Attention as its formulas, one target position at a time, to read, to step through and to compare with.</summary>
internal static unsafe class AttentionPlain
{
    // sₜᵤ = scale qₜ · kᵤ;  wₜᵤ = exp(sₜᵤ − maxᵥ sₜᵥ) / Σᵥ exp(sₜᵥ − max);  oₜ = Σᵤ dₜᵤ wₜᵤ vᵤ
    public static void Forward<T>(in AttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = problem.Shape;
        for (int item = 0; item < problem.Sequences * shape.Heads; item++)
        {
            var head = new AttentionHead<T>(problem, item / shape.Heads, item % shape.Heads);
            T[] row = new T[head.AllSources];
            for (int target = 0; target < head.Targets; target++)
            {
                Scores(problem, head, target, row);
                T maximum = T.NegativeInfinity;
                foreach (T score in row)
                    maximum = T.Max(maximum, score);
                T sum = T.Zero;
                foreach (T score in row)
                    sum += Power(score, maximum);
                head.Maximum[target] = maximum;
                head.Inverse[target] = sum == T.Zero ? T.Zero : T.One / sum; // nothing to attend to: weights 0

                Span<T> output = new(head.Output + ((long)target * shape.OutputStride), shape.HeadSize);
                output.Clear();
                for (int source = 0; source < head.Sources; source++)
                {
                    T weight = Power(row[source], maximum) * head.Inverse[target];
                    AddScaled(Kept(problem, head, target, source) * weight, Row(head.Value, shape.ValueStride, source, shape), output);
                }
            }
        }
    }

    // The weights of the pairs that may see each other.
    public static void Weights<T>(in AttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int item = 0; item < problem.Sequences * problem.Shape.Heads; item++)
        {
            var head = new AttentionHead<T>(problem, item / problem.Shape.Heads, item % problem.Shape.Heads);
            for (int target = 0; target < head.Targets; target++)
                Weights(problem, head, target, new(problem.Weights + head.WeightIndex(target, 0), head.AllSources));
        }
    }

    public static void Backward<T>(in AttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = problem.Shape;
        for (int item = 0; item < problem.Sequences * shape.Heads; item++)
        {
            var head = new AttentionHead<T>(problem, item / shape.Heads, item % shape.Heads);
            Clear(head.QueryGradient, shape.QueryStride, head.Targets, shape);
            Clear(head.KeyGradient, shape.KeyStride, head.AllSources, shape);
            Clear(head.ValueGradient, shape.ValueStride, head.AllSources, shape);
            T[] weights = new T[head.AllSources];
            T[] dWeights = new T[head.AllSources];
            for (int target = 0; target < head.Targets; target++)
            {
                Weights(problem, head, target, weights);
                Span<T> dOutput = Row(head.OutputGradient, shape.OutputStride, target, shape);

                // ∂L/∂wₜᵤ = dₜᵤ (∂L/∂oₜ · vᵤ);   ∂L/∂vᵤ += dₜᵤ wₜᵤ ∂L/∂oₜ
                T mean = T.Zero;
                for (int source = 0; source < head.Sources; source++)
                {
                    T kept = Kept(problem, head, target, source);
                    dWeights[source] = kept * Dot(dOutput, Row(head.Value, shape.ValueStride, source, shape));
                    mean += weights[source] * dWeights[source];
                    if (head.ValueGradient != null)
                        AddScaled(kept * weights[source], dOutput, Row(head.ValueGradient, shape.ValueStride, source, shape));
                }

                // ∂L/∂sₜᵤ = wₜᵤ (∂L/∂wₜᵤ − Σᵥ wₜᵥ ∂L/∂wₜᵥ);   ∂L/∂qₜ += scale ∂L/∂sₜᵤ kᵤ;   ∂L/∂kᵤ += scale ∂L/∂sₜᵤ qₜ
                for (int source = 0; source < head.Sources; source++)
                {
                    T dScore = problem.Scale * weights[source] * (dWeights[source] - mean);
                    if (head.QueryGradient != null)
                        AddScaled(dScore, Row(head.Key, shape.KeyStride, source, shape), Row(head.QueryGradient, shape.QueryStride, target, shape));
                    if (head.KeyGradient != null)
                        AddScaled(dScore, Row(head.Query, shape.QueryStride, target, shape), Row(head.KeyGradient, shape.KeyStride, source, shape));
                }
            }
        }
    }

    // −∞ where the target may not attend to the source.
    private static void Scores<T>(in AttentionProblem<T> problem, in AttentionHead<T> head, int target, Span<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = problem.Shape;
        bool* allowed = head.AllowedRow(target);
        Span<T> query = Row(head.Query, shape.QueryStride, target, shape);
        for (int source = 0; source < scores.Length; source++)
        {
            bool isSeen = source < head.Visible(target) && (allowed == null || allowed[source]);
            scores[source] = isSeen ? problem.Scale * Dot(query, Row(head.Key, shape.KeyStride, source, shape)) : T.NegativeInfinity;
        }
    }

    private static void Weights<T>(in AttentionProblem<T> problem, in AttentionHead<T> head, int target, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Scores(problem, head, target, weights);
        for (int source = 0; source < weights.Length; source++)
            weights[source] = Power(weights[source], head.Maximum[target]) * head.Inverse[target];
    }

    // 0 for a masked score, also where all are.
    private static T Power<T>(T score, T maximum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsNegativeInfinity(score) ? T.Zero : T.Exp(score - maximum);

    // What dropout multiplies a weight with: 0, or 1 / (1 − rate).
    private static T Kept<T>(in AttentionProblem<T> problem, in AttentionHead<T> head, int target, int source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!problem.Drops)
            return T.One;
        bool kept = Philox.UInt32At(problem.DropoutKey, head.WeightIndex(target, source)) >= Dropout.Threshold(problem.DropoutRate);
        return kept ? Dropout.Scale(problem.DropoutRate) : T.Zero;
    }

    private static Span<T> Row<T>(T* matrix, int stride, int row, AttentionShape shape)
        where T : unmanaged => new(matrix + ((long)row * stride), shape.HeadSize);

    private static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled<T>(T factor, ReadOnlySpan<T> x, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += factor * x[i];
    }

    private static void Clear<T>(T* matrix, int stride, int rows, AttentionShape shape)
        where T : unmanaged
    {
        for (int row = 0; matrix != null && row < rows; row++)
            Row(matrix, stride, row, shape).Clear();
    }
}

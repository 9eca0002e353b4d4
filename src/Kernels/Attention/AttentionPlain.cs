using System.Numerics;

namespace Transformer.Kernels;

/// <summary>Attention as its formulas, one target position at a time, to read, to step through and to compare with.</summary>
internal static unsafe class AttentionPlain
{
    // sₜᵤ = scale Σ qₜ kᵤ;  wₜᵤ = exp(sₜᵤ − maxᵥ sₜᵥ) / Σᵥ exp(sₜᵥ − max);  oₜ = Σᵤ dₜᵤ wₜᵤ vᵤ
    public static void Forward<T>(in AttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = problem.Shape;
        for (int row = 0; row < problem.HeadCount * shape.TargetLength; row++)
        {
            (int batch, int head, int target) = Position(shape, row);
            long first = problem.WeightIndex(batch, head, target);
            var weights = new Span<T>(problem.Weights + first, shape.SourceLength);
            var output = new Span<T>(problem.TargetRow(problem.Output, shape.OutputStride, batch, head, target), shape.HeadSize);
            var query = new ReadOnlySpan<T>(problem.TargetRow(problem.Query, shape.QueryStride, batch, head, target), shape.HeadSize);

            bool* allowed = problem.AllowedRow(batch, head, target);
            bool[] keep = new bool[shape.SourceLength];
            for (int source = 0; source < shape.SourceLength; source++)
            {
                T* key = problem.SourceRow(problem.Key, shape.KeyStride, batch, head, source);
                weights[source] = problem.Scale * Dot(query, new(key, shape.HeadSize));
                keep[source] = source < problem.Visible(target) && (allowed == null || allowed[source]);
            }
            if (!weights.IsEmpty)
                RowsPlain.Softmax(weights, keep, weights, shape.SourceLength);

            output.Clear();
            for (int source = 0; source < shape.SourceLength; source++)
            {
                T weight = Factor(problem, first + source) * weights[source];
                T* value = problem.SourceRow(problem.Value, shape.ValueStride, batch, head, source);
                AddScaled(weight, new(value, shape.HeadSize), output);
            }
        }
    }

    public static void Backward<T>(in AttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = problem.Shape;
        ClearGradients(problem);
        T[] dWeights = new T[shape.SourceLength];
        T[] dScores = new T[shape.SourceLength];
        for (int row = 0; row < problem.HeadCount * shape.TargetLength; row++)
        {
            (int batch, int head, int target) = Position(shape, row);
            long first = problem.WeightIndex(batch, head, target);
            var weights = new ReadOnlySpan<T>(problem.Weights + first, shape.SourceLength);
            var dOutput = new ReadOnlySpan<T>(problem.TargetRow(problem.Output, shape.OutputStride, batch, head, target), shape.HeadSize);
            var query = new ReadOnlySpan<T>(problem.TargetRow(problem.Query, shape.QueryStride, batch, head, target), shape.HeadSize);

            // ∂L/∂wₜᵤ = dₜᵤ (∂L/∂oₜ · vᵤ);   ∂L/∂vᵤ += dₜᵤ wₜᵤ ∂L/∂oₜ
            for (int source = 0; source < shape.SourceLength; source++)
            {
                T factor = Factor(problem, first + source);
                T* value = problem.SourceRow(problem.Value, shape.ValueStride, batch, head, source);
                dWeights[source] = factor * Dot(dOutput, new(value, shape.HeadSize));
                if (problem.ValueGradient != null)
                {
                    T* dValue = problem.SourceRow(problem.ValueGradient, shape.ValueStride, batch, head, source);
                    AddScaled(factor * weights[source], dOutput, new(dValue, shape.HeadSize));
                }
            }

            // ∂L/∂sₜᵤ = wₜᵤ (∂L/∂wₜᵤ − Σᵥ wₜᵥ ∂L/∂wₜᵥ);   ∂L/∂qₜ += scale ∂L/∂sₜᵤ kᵤ;   ∂L/∂kᵤ += scale ∂L/∂sₜᵤ qₜ
            if (shape.SourceLength > 0)
                RowsPlain.SoftmaxGradient(weights, dWeights, dScores, shape.SourceLength);
            for (int source = 0; source < shape.SourceLength; source++)
            {
                T dScore = problem.Scale * dScores[source];
                if (problem.QueryGradient != null)
                {
                    T* dQuery = problem.TargetRow(problem.QueryGradient, shape.QueryStride, batch, head, target);
                    T* key = problem.SourceRow(problem.Key, shape.KeyStride, batch, head, source);
                    AddScaled(dScore, new(key, shape.HeadSize), new(dQuery, shape.HeadSize));
                }
                if (problem.KeyGradient != null)
                {
                    T* dKey = problem.SourceRow(problem.KeyGradient, shape.KeyStride, batch, head, source);
                    AddScaled(dScore, query, new(dKey, shape.HeadSize));
                }
            }
        }
    }

    private static (int Batch, int Head, int Target) Position(AttentionShape shape, int row)
    {
        (int matrix, int target) = Math.DivRem(row, shape.TargetLength);
        return (matrix / shape.Heads, matrix % shape.Heads, target);
    }

    // What dropout multiplies a weight with: 0, or 1 / (1 − rate).
    private static T Factor<T>(in AttentionProblem<T> problem, long element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!problem.Drops)
            return T.One;
        bool kept = Philox.UInt32At(problem.DropoutKey, element) >= Dropout.Threshold(problem.DropoutRate);
        return kept ? Dropout.Scale(problem.DropoutRate) : T.Zero;
    }

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

    private static void ClearGradients<T>(in AttentionProblem<T> problem)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AttentionShape shape = problem.Shape;
        int row = shape.Heads * shape.HeadSize;
        for (long i = 0; problem.QueryGradient != null && i < (long)shape.Batch * shape.TargetLength; i++)
            new Span<T>(problem.QueryGradient + (i * shape.QueryStride), row).Clear();
        for (long i = 0; problem.KeyGradient != null && i < (long)shape.Batch * shape.SourceLength; i++)
            new Span<T>(problem.KeyGradient + (i * shape.KeyStride), row).Clear();
        for (long i = 0; problem.ValueGradient != null && i < (long)shape.Batch * shape.SourceLength; i++)
            new Span<T>(problem.ValueGradient + (i * shape.ValueStride), row).Clear();
    }
}

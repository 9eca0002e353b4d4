using Transformer.Autograd;

namespace Autograd.Tests.Gradients;

// y[r, c] = x[r, c] + b[c]        ∂L/∂b[c] = Σᵣ ∂L/∂y[r, c], here of the first row only
internal sealed class BiasWithoutSum(bool wrong, Tensor x, Tensor bias) : PlantedOperation(wrong, x, bias)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] + X<T>(1)[i % X<T>(1).Length];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        dy.CopyTo(Dx<T>());
        Span<T> db = Dx<T>(1);
        db.Clear();
        for (int i = 0; i < (Wrong ? db.Length : dy.Length); i++)
            db[i % db.Length] += dy[i];
    }
}

// Y = A B for square matrices        ∂L/∂A = ∂L/∂Y Bᵀ, here without the transpose
internal sealed class ProductWithoutTranspose(bool wrong, Tensor a, Tensor b) : PlantedOperation(wrong, a, b)
{
    private int N => Inputs[0].Shape[0];

    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.Zero;
            for (int k = 0; k < N; k++)
                y[i] += X<T>()[(i / N * N) + k] * X<T>(1)[(k * N) + (i % N)];
        }
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> da = Dx<T>();
        Span<T> db = Dx<T>(1);
        for (int i = 0; i < da.Length; i++)
        {
            (da[i], db[i]) = (T.Zero, T.Zero);
            for (int k = 0; k < N; k++)
            {
                da[i] += dy[(i / N * N) + k] * X<T>(1)[Wrong ? (k * N) + (i % N) : (i % N * N) + k];
                db[i] += X<T>()[(k * N) + (i / N)] * dy[(k * N) + (i % N)];
            }
        }
    }
}

// yᵣ = Σ꜀ x[r, c] of a square matrix        ∂L/∂x[r, c] = ∂L/∂yᵣ, here ∂L/∂y꜀
internal sealed class SumOverWrongAxis(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override Shape OutputShape => [Inputs[0].Shape[0]];

    protected override void Forward<T>(Span<T> y)
    {
        y.Clear();
        for (int i = 0; i < X<T>().Length; i++)
            y[i / y.Length] += X<T>()[i];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = dy[Wrong ? i % dy.Length : i / dy.Length];
    }
}

// y = Σᵢ xᵢ / n        ∂L/∂xᵢ = ∂L/∂y / n, here without 1/n
internal sealed class MeanWithoutCount(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override Shape OutputShape => Shape.Scalar;

    protected override void Forward<T>(Span<T> y)
    {
        y[0] = T.Zero;
        foreach (T value in X<T>())
            y[0] += value / Number<T>(X<T>().Length);
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy) =>
        Dx<T>().Fill(Wrong ? dy[0] : dy[0] / Number<T>(Inputs[0].Count));
}

// y = max x        ∂L/∂xᵢ = ∂L/∂y where xᵢ is the largest, here at the first element
internal sealed class MaxAtFirst(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override Shape OutputShape => Shape.Scalar;

    protected override void Forward<T>(Span<T> y)
    {
        y[0] = X<T>()[0];
        foreach (T value in X<T>())
            y[0] = T.Max(y[0], value);
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        dx.Clear();
        dx[Wrong ? 0 : X<T>().IndexOf(Values<T>(Output)[0])] = dy[0];
    }
}

// y = softmax(x)        ∂L/∂xᵢ = yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ), here without the sum
internal sealed class SoftmaxWithoutSum(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        T sum = T.Zero;
        for (int i = 0; i < y.Length; i++)
            sum += y[i] = T.Exp(X<T>()[i]);
        for (int i = 0; i < y.Length; i++)
            y[i] /= sum;
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        ReadOnlySpan<T> y = Values<T>(Output);
        T sum = T.Zero;
        for (int i = 0; i < y.Length && !Wrong; i++)
            sum += dy[i] * y[i];
        for (int i = 0; i < y.Length; i++)
            dx[i] = y[i] * (dy[i] - sum);
    }
}

// x̂ = (x − μ) / σ        ∂L/∂x = (g − mean(g) − x̂ mean(g ⊙ x̂)) / σ, here g / σ alone
internal sealed class NormalizeWithoutMeans(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    private static (T Mean, T Deviation) Moments<T>(ReadOnlySpan<T> x)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        (T mean, T variance) = (T.Zero, T.Zero);
        foreach (T value in x)
            mean += value / Number<T>(x.Length);
        foreach (T value in x)
            variance += (value - mean) * (value - mean) / Number<T>(x.Length);
        return (mean, T.Sqrt(variance));
    }

    protected override void Forward<T>(Span<T> y)
    {
        (T mean, T deviation) = Moments(X<T>());
        for (int i = 0; i < y.Length; i++)
            y[i] = (X<T>()[i] - mean) / deviation;
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        ReadOnlySpan<T> y = Values<T>(Output);
        T deviation = Moments(X<T>()).Deviation;
        (T meanOfG, T meanOfGY) = (T.Zero, T.Zero);
        for (int i = 0; i < y.Length && !Wrong; i++)
        {
            meanOfG += dy[i] / Number<T>(y.Length);
            meanOfGY += dy[i] * y[i] / Number<T>(y.Length);
        }

        for (int i = 0; i < y.Length; i++)
            dx[i] = (dy[i] - meanOfG - (y[i] * meanOfGY)) / deviation;
    }
}

// yᵢ = xᵢ₊₁, i = 0, 1        ∂L/∂xᵢ₊₁ = ∂L/∂yᵢ and 0 elsewhere, here one element further
internal sealed class SliceOffByOne(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override Shape OutputShape => [2];

    protected override void Forward<T>(Span<T> y) => X<T>().Slice(1, 2).CopyTo(y);

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        dx.Clear();
        dy.CopyTo(dx[(Wrong ? 2 : 1)..]);
    }
}

// yᵢ = table[rowᵢ]        ∂L/∂table[r] = Σ ∂L/∂yᵢ over rowᵢ = r, here the last of them alone
internal sealed class GatherOverwritten(bool wrong, Tensor table, int[] rows) : PlantedOperation(wrong, table)
{
    protected override Shape OutputShape => [rows.Length];

    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[rows[i]];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        dx.Clear();
        for (int i = 0; i < dy.Length; i++)
            dx[rows[i]] = Wrong ? dy[i] : dx[rows[i]] + dy[i];
    }
}

using Transformer.Autograd;

namespace Autograd.Tests.Gradients;

// yᵢ = xᵢ³        ∂L/∂xᵢ = 3 xᵢ² ∂L/∂yᵢ, here without the 3
internal sealed class CubeWithoutFactor(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] * X<T>()[i] * X<T>()[i];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = dy[i] * X<T>()[i] * X<T>()[i] * Number<T>(Wrong ? 1 : 3);
    }
}

// yᵢ = xᵢ²        ∂L/∂xᵢ = 2 xᵢ ∂L/∂yᵢ, here without ∂L/∂yᵢ
internal sealed class SquareWithoutOutputGradient(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] * X<T>()[i];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = Number<T>(2) * X<T>()[i] * (Wrong ? T.One : dy[i]);
    }
}

// yᵢ = |xᵢ|        ∂L/∂xᵢ = sign(xᵢ) ∂L/∂yᵢ, here without the sign: right for positive x
internal sealed class AbsWithoutSign(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = T.Abs(X<T>()[i]);
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = Wrong || X<T>()[i] > T.Zero ? dy[i] : -dy[i];
    }
}

// yᵢ = aᵢ / bᵢ        ∂L/∂bᵢ = −∂L/∂yᵢ aᵢ / bᵢ², here without the square
internal sealed class DivideWithoutSquare(bool wrong, Tensor a, Tensor b) : PlantedOperation(wrong, a, b)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] / X<T>(1)[i];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> da = Dx<T>();
        Span<T> db = Dx<T>(1);
        for (int i = 0; i < da.Length; i++)
        {
            da[i] = dy[i] / X<T>(1)[i];
            db[i] = -dy[i] * X<T>()[i] / X<T>(1)[i];
            if (!Wrong)
                db[i] /= X<T>(1)[i];
        }
    }
}

// yᵢ = eˣⁱ + 1        ∂L/∂xᵢ = (yᵢ − 1) ∂L/∂yᵢ, here with y as if nothing had been added to it
internal sealed class ExpWithEditedOutput(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = T.Exp(X<T>()[i]) + T.One;
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = dy[i] * (Values<T>(Output)[i] - (Wrong ? T.Zero : T.One));
    }
}

// yᵢ = 2 xᵢ        ∂L/∂xᵢ = 2 ∂L/∂yᵢ, here with the last element left as it was
internal sealed class DoubleWithoutLastElement(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] + X<T>()[i];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length - (Wrong ? 1 : 0); i++)
            dx[i] = dy[i] + dy[i];
    }
}

// yᵢ = tanh xᵢ        ∂L/∂xᵢ = (1 − yᵢ²) ∂L/∂yᵢ, here with a y that the next use of the same cache has overwritten
internal sealed class TanhWithStaleValues(bool wrong, Tensor x, double[] cache) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = T.Tanh(X<T>()[i]);
            cache[i] = double.CreateChecked(y[i]);
        }
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
        {
            T y = Wrong ? Number<T>(cache[i]) : Values<T>(Output)[i];
            dx[i] = dy[i] * (T.One - (y * y));
        }
    }
}

// yᵢ = 2 xᵢ where mᵢ        ∂L/∂xᵢ = 2 ∂L/∂yᵢ where mᵢ, here with the mask one element further
internal sealed class DropoutWithAnotherMask(bool wrong, Tensor x, bool[] mask) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = mask[i] ? X<T>()[i] + X<T>()[i] : T.Zero;
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        for (int i = 0; i < dx.Length; i++)
            dx[i] = mask[Wrong ? (i + 1) % mask.Length : i] ? dy[i] + dy[i] : T.Zero;
    }
}

// yᵢ = xᵢ xₙ₋₁₋ᵢ        ∂L/∂xᵢ = (∂L/∂yᵢ + ∂L/∂yₙ₋₁₋ᵢ) xₙ₋₁₋ᵢ, here with the second use written over the first
internal sealed class MirrorProductOverwritten(bool wrong, Tensor x) : PlantedOperation(wrong, x)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] * X<T>()[^(i + 1)];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> dx = Dx<T>();
        dx.Clear();
        for (int i = 0; i < dx.Length; i++)
        {
            dx[i] += dy[i] * X<T>()[^(i + 1)];
            T second = dy[i] * X<T>()[i];
            dx[^(i + 1)] = Wrong ? second : dx[^(i + 1)] + second;
        }
    }
}

// yᵢ = aᵢ bᵢ, here with nothing for b
internal sealed class MultiplyWithoutSecondGradient(bool wrong, Tensor a, Tensor b) : PlantedOperation(wrong, a, b)
{
    protected override void Forward<T>(Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = X<T>()[i] * X<T>(1)[i];
    }

    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> da = Dx<T>();
        for (int i = 0; i < da.Length; i++)
            da[i] = dy[i] * X<T>(1)[i];
        if (Wrong)
            return;
        Span<T> db = Dx<T>(1);
        for (int i = 0; i < db.Length; i++)
            db[i] = dy[i] * X<T>()[i];
    }
}

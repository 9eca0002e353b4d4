using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

/// <summary>Examples that one can follow with pencil and paper.</summary>
public class HandWorkedTests
{
    [Fact]
    public void Three_factors_and_a_sum()
    {
        // L = (a b + c) f with a = 2, b = −3, c = 10, f = −2: L = −8
        // ∂L/∂f = a b + c = 4        ∂L/∂c = f = −2        ∂L/∂a = f b = 6        ∂L/∂b = f a = −4
        (Tensor a, Tensor b, Tensor c, Tensor f) = (Leaf(2), Leaf(-3), Leaf(10), Leaf(-2));
        Tensor loss = ((a * b) + c) * f;
        loss.Backward();
        Assert.Equal([-8, 4, -2, 6, -4], [loss.Item(), Gradient(f), Gradient(c), Gradient(a), Gradient(b)]);
    }

    [Fact]
    public void A_variable_that_is_used_three_times()
    {
        // L = x² + x y, x = 3, y = 5: ∂L/∂x = 2x + y = 11        ∂L/∂y = x = 3
        (Tensor x, Tensor y) = (Leaf(3), Leaf(5));
        ((x * x) + (x * y)).Backward();
        Assert.Equal([11, 3], [Gradient(x), Gradient(y)]);
    }

    [Fact]
    public void A_quotient_of_functions()
    {
        // L = eˣ / (1 + eˣ) = sigmoid(x) at x = 0: dL/dx = ½ · ½ = ¼, the same as of Sigmoid
        (Tensor x, Tensor same) = (Leaf(0), Leaf(0));
        (x.Exp() / (x.Exp() + 1)).Backward();
        same.Sigmoid().Backward();
        Assert.Equal(0.25, Gradient(x), 1e-15);
        Assert.Equal(0.25, Gradient(same), 1e-15);
    }

    [Fact]
    public void A_broadcast_bias_gets_the_sum_of_the_rows()
    {
        // y[r, c] = x[r, c] + b[c], L = Σ w[r, c] y[r, c]: ∂L/∂b[c] = w[0, c] + w[1, c]
        Tensor b = Tensor.From([0.0, 0], dtype: DType.Float64).AsLeaf();
        Tensor w = Tensor.From(new double[,] { { 1, 2 }, { 30, 40 } }, DType.Float64);
        ((Tensor.Zeros([2, 2], DType.Float64) + b) * w).Sum().Backward();
        Assert.Equal([31, 42], b.Gradient!.ToDoubles());
    }

    [Fact]
    public void A_matrix_product()
    {
        // Y = A B, L = Σ Y: ∂L/∂A[i, k] = Σⱼ B[k, j] = (3, 7)        ∂L/∂B[k, j] = Σᵢ A[i, k] = (5, 6)
        Tensor a = Tensor.From(new double[,] { { 5, 6 } }, DType.Float64).AsLeaf();
        Tensor b = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 } }, DType.Float64).AsLeaf();
        Tensor y = a.MatMul(b);
        y.Sum().Backward();
        Assert.Equal([23, 34], y.ToDoubles());
        Assert.Equal([3, 7], a.Gradient!.ToDoubles());
        Assert.Equal([5, 5, 6, 6], b.Gradient!.ToDoubles());
    }

    [Fact]
    public void Cross_entropy_of_two_classes()
    {
        // x = (ln 3, 0): p = (¾, ¼). L = −ln p₀ = ln 4/3        ∂L/∂x = p − onehot = (−¼, ¼)
        Tensor x = Tensor.From([Math.Log(3), 0], [1, 2], DType.Float64).AsLeaf();
        Tensor loss = x.CrossEntropy(new Indices([0]));
        loss.Backward();
        Assert.Equal(Math.Log(4.0 / 3), loss.Item(), 1e-15);
        Graph.AssertClose([-0.25, 0.25], x.Gradient!.ToDoubles(), 1e-15);
    }

    [Fact]
    public void Smoothed_cross_entropy_ignores_a_row()
    {
        // q = (1 − 0.2) onehot + 0.2/2 = (0.9, 0.1); ∂L/∂x = p − q = (−0.15, 0.15) in the one row that counts
        Tensor x = Tensor.From([Math.Log(3), 0, 5, 6], [2, 2], DType.Float64).AsLeaf();
        Tensor loss = x.CrossEntropy(new Indices([0, 1]), labelSmoothing: 0.2, ignoredTarget: 1);
        loss.Backward();
        Assert.Equal(-(0.9 * Math.Log(0.75)) - (0.1 * Math.Log(0.25)), loss.Item(), 1e-15);
        Graph.AssertClose([-0.15, 0.15, 0, 0], x.Gradient!.ToDoubles(), 1e-15);
    }

    [Fact]
    public void Layer_normalization_of_three_numbers()
    {
        // x = (1, 2, 3): μ = 2, σ² = ⅔, x̂ = (−s, 0, s) with s = √1.5. dy = (1, 0, 0), so mean(dy) = ⅓, mean(dy ⊙ x̂) = −s/3:
        // ∂L/∂x = s (dy − ⅓ + x̂ s/3) = s (1 − ⅓ − ½, −⅓, −⅓ + ½) = s (⅙, −⅓, ⅙)
        // ∂L/∂γ = dy ⊙ x̂ = (−s, 0, 0)        ∂L/∂β = dy
        double s = Math.Sqrt(1.5);
        Tensor x = Tensor.From([1.0, 2, 3], dtype: DType.Float64).AsLeaf();
        Tensor weight = Tensor.Full([3], 1, DType.Float64).AsLeaf();
        Tensor bias = Tensor.Zeros([3], DType.Float64).AsLeaf();
        Tensor y = x.LayerNorm(weight, bias, epsilon: 0);
        y.Backward(Tensor.From([1.0, 0, 0], dtype: DType.Float64));
        Graph.AssertClose([-s, 0, s], y.ToDoubles(), 1e-15);
        Graph.AssertClose([s / 6, -s / 3, s / 6], x.Gradient!.ToDoubles(), 1e-14);
        Graph.AssertClose([-s, 0, 0], weight.Gradient!.ToDoubles(), 1e-15);
        Graph.AssertClose([1, 0, 0], bias.Gradient!.ToDoubles(), 1e-15);
    }

    [Fact]
    public void Attention_of_one_query_to_two_tokens()
    {
        // d = 1, q = 1, k = (ln 3, 0), v = (8, 4): scores (ln 3, 0), weights (¾, ¼), y = 7.
        // ∂y/∂v = w = (¾, ¼)        ∂y/∂sᵢ = wᵢ (vᵢ − y) = (¾, −¾)        ∂y/∂q = Σ ∂y/∂sᵢ kᵢ = ¾ ln 3        ∂y/∂k = ∂y/∂s q
        Tensor q = Tensor.From([1.0], [1, 1, 1], DType.Float64).AsLeaf();
        Tensor k = Tensor.From([Math.Log(3), 0], [1, 2, 1], DType.Float64).AsLeaf();
        Tensor v = Tensor.From([8.0, 4], [1, 2, 1], DType.Float64).AsLeaf();
        Tensor y = q.Attend(k, v, new AttentionAttributes(1, null, false, 0, default), out Tensor weights);
        y.Backward();
        Graph.AssertClose([0.75, 0.25], weights.ToDoubles(), 1e-15);
        Assert.Equal(7, y.Item(), 1e-14);
        Graph.AssertClose([0.75 * Math.Log(3)], q.Gradient!.ToDoubles(), 1e-14);
        Graph.AssertClose([0.75, -0.75], k.Gradient!.ToDoubles(), 1e-14);
        Graph.AssertClose([0.75, 0.25], v.Gradient!.ToDoubles(), 1e-14);
    }

    [Fact]
    public void Causal_self_attention_of_two_tokens()
    {
        // The first token sees itself alone: y₀ = v₀ = 2. The second: q₁ = 1, k = (0, ln 3), w = (¼, ¾), y₁ = ¼ · 2 + ¾ · 6 = 5.
        Tensor packed = Tensor.From([9.0, 0, 2, 1, Math.Log(3), 6], [1, 2, 3], DType.Float64).AsLeaf();
        Tensor y = packed.AttendPacked(new AttentionAttributes(1, null, true, 0, default), out Tensor weights);
        y.Backward(Tensor.Full([1, 2, 1], 1, DType.Float64));
        Graph.AssertClose([1, 0, 0.25, 0.75], weights.ToDoubles(), 1e-15);
        Graph.AssertClose([2, 5], y.ToDoubles(), 1e-14);
        // ∂L/∂s₁ = w (v − y₁) = (−¾, ¾); ∂L/∂q₁ = ¾ ln 3; ∂L/∂k = ∂L/∂s₁ q₁; ∂L/∂v = (1 + ¼, ¾)
        Graph.AssertClose([0, -0.75, 1.25, 0.75 * Math.Log(3), 0.75, 0.75], packed.Gradient!.ToDoubles(), 1e-14);
    }

    private static Tensor Leaf(double value) => Tensor.Scalar(value, DType.Float64).AsLeaf();

    private static double Gradient(Tensor leaf) => leaf.Gradient!.Item();
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Lines that one can check by hand, for every kind of formula.</summary>
public class FormulaLineTests
{
    private static readonly Tensor OneRow = Recorded.Leaf([1, 3, 2], [1, 3]);

    [Fact]
    public void Softmax()
    {
        // y = (1, 2, 5)/8 = (0.125, 0.25, 0.625); Σ dy y = 0.125·0.4 + 0.25·0.8 + 0.625·0.2 = 0.05 + 0.2 + 0.125 = 0.375
        Recording recording = Recorded.Of(() => Recorded.Leaf([0, Math.Log(2), Math.Log(5)], [1, 3]).Softmax(), Tensor.From([0.4, 0.8, 0.2], [1, 3], DType.Float64));
        Assert.Equal(
            "∂L/∂x[0,1] = y[0,1]·(dy[0,1] − Σⱼ dy[0,j]·y[0,j]) = 0.25·(0.8 − (0.4·0.125 + 0.8·0.25 + 0.2·0.625)) = 0.25·(0.8 − 0.375) = 0.10625",
            recording.BackwardLine("Softmax", 0, 1));
        Assert.Equal(
            "y[0,1] = exp(x[0,1] − max x[0,:]) / Σⱼ exp(x[0,j] − max) = exp(0.693147 − 1.60944) / (exp(0 − 1.60944) + exp(0.693147 − 1.60944) + exp(1.60944 − 1.60944)) = 0.4/1.6 = 0.25",
            recording.ForwardLine("Softmax", 1));
    }

    [Fact]
    public void A_broadcast_bias_sums_over_its_places()
    {
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 2, 3, 4, 5, 6], [3, 2]) + Recorded.Leaf([10, 20]), Tensor.From([1.0, 2, 3, 4, 5, 6], [3, 2], DType.Float64));
        Assert.Equal("y[1,0] = a[1,0] + b[0] = 3 + 10 = 13", recording.ForwardLine("Add", 2));
        Assert.Equal("∂L/∂a[1,0] = dy[1,0] = 3", recording.BackwardLine("Add", 0, 2));
        Assert.Equal("∂L/∂b[1] = Σᵢ dy[i,1] (Σ over 3 places that b[1] was used in) = 2 + 4 + 6 = 12", recording.BackwardLine("Add", 1, 1));
    }

    [Fact]
    public void Multiply_and_Divide()
    {
        Tensor dy = Tensor.From([5.0, 1], dtype: DType.Float64);
        Recording product = Recorded.Of(() => Recorded.Leaf([2, 7]) * Recorded.Leaf([-3, 1]), dy);
        Assert.Equal("∂L/∂a[0] = dy[0]·b[0] = 5·(−3) = −15", product.BackwardLine("Multiply", 0, 0));
        Recording quotient = Recorded.Of(() => Recorded.Leaf([6, 7]) / Recorded.Leaf([-3, 1]), dy);
        Assert.Equal("∂L/∂b[0] = −dy[0]·y[0]/b[0] = −5·(−2)/(−3) = −3.33333", quotient.BackwardLine("Divide", 1, 0));
    }

    [Fact]
    public void Elementwise_functions()
    {
        Tensor dy = Tensor.From([2.0, 3], dtype: DType.Float64);
        Tensor x = Recorded.Leaf([4, -1]);
        Assert.Equal("∂L/∂x[0] = ½·dy[0]/y[0] = 0.5·2/2 = 0.5", Recorded.Of(() => x.Sqrt(), dy).BackwardLine("Sqrt", 0, 0));
        Assert.Equal("∂L/∂x[1] = dy[1]·3·x[1]² = 3·3·(−1)² = 9", Recorded.Of(() => x.Power(3), dy).BackwardLine("Power", 0, 1));
        Assert.Equal("∂L/∂x[0] = s·dy[0] = −0.5·2 = −1", Recorded.Of(() => x * -0.5, dy).BackwardLine("Scale", 0, 0));
        Recording exp = Recorded.Of(() => Recorded.Leaf([0]).Exp(), Tensor.From([2.0], dtype: DType.Float64));
        Assert.Equal("y[0] = exp(x[0]) = exp(0) = 1", exp.ForwardLine("Exp", 0));
        Assert.Equal("∂L/∂x[0] = dy[0]·y[0] = 2·1 = 2", exp.BackwardLine("Exp", 0, 0));
        Recording sigmoid = Recorded.Of(() => Recorded.Leaf([0]).Sigmoid(), Tensor.From([2.0], dtype: DType.Float64));
        Assert.Equal("y[0] = 1 / (1 + exp(−x[0])) = 1 / (1 + exp(−0)) = 1 / (1 + 1) = 0.5", sigmoid.ForwardLine("Sigmoid", 0));
        Assert.Equal("∂L/∂x[0] = dy[0]·y[0]·(1 − y[0]) = 2·0.5·(1 − 0.5) = 0.5", sigmoid.BackwardLine("Sigmoid", 0, 0));
        Recording gelu = Recorded.Of(() => Recorded.Leaf([0]).Gelu(), Tensor.From([2.0], dtype: DType.Float64));
        Assert.Equal(
            "∂L/∂x[0] = dy[0]·(Φ(x[0]) + x[0]·φ(x[0])) = 2·(Φ(0) + 0·φ(0)) = 2·(0.5 + 0·0.398942) = 1", gelu.BackwardLine("Gelu", 0, 0));
    }

    [Fact]
    public void Relu_says_on_which_side()
    {
        Recording recording = Recorded.Of(() => Recorded.Leaf([-0.5, 2]).Relu(), Tensor.From([7.0, 3], dtype: DType.Float64));
        Assert.Equal("y[0] = max(0, x[0]) (x[0] = −0.5 ≤ 0: the flat side) = 0", recording.ForwardLine("Relu", 0));
        Assert.Equal(
            "∂L/∂x[0] = dy[0] where x[0] > 0, else 0 (x[0] = −0.5 ≤ 0: the flat side) = 0", recording.BackwardLine("Relu", 0, 0));
        Assert.Equal("∂L/∂x[1] = dy[1] where x[1] > 0, else 0 (x[1] = 2 > 0) = 3", recording.BackwardLine("Relu", 0, 1));
    }

    [Fact]
    public void Reductions()
    {
        Tensor dy = Tensor.From([6.0], dtype: DType.Float64);
        Recording mean = Recorded.Of(() => OneRow.Mean(-1), dy);
        Assert.Equal("y[0] = (Σᵢ x[0,i]) / n = (1 + 3 + 2) / 3 = 6/3 = 2", mean.ForwardLine("Mean", 0));
        Assert.Equal("∂L/∂x[0,1] = dy[0]/n = 6/3 = 2", mean.BackwardLine("Mean", 0, 1));
        Recording variance = Recorded.Of(() => OneRow.Variance([-1], false, 1), dy);
        Assert.Equal("y[0] = (Σᵢ (x[0,i] − μ)²) / (n − 1) = ((1 − 2)² + (3 − 2)² + (2 − 2)²) / (3 − 1) = 2 / (3 − 1) = 1", variance.ForwardLine("Variance", 0));
        Assert.Equal("∂L/∂x[0,1] = dy[0]·2·(x[0,1] − μ) / (n − 1) = 6·2·(3 − 2) / (3 − 1) = 6", variance.BackwardLine("Variance", 0, 1));
        Assert.Equal("μ = (Σᵢ x[0,i]) / n = (1 + 3 + 2) / 3 = 6/3 = 2", Formula.OfBackward(variance, variance.Backward("Variance"), 0, 1).Notes[0]);
        Recording sum = Recorded.Of(() => Recorded.Leaf([1, 3, 2, -9, 4]).Sum());
        Assert.Equal("y = Σᵢ x[i] = Σ of 5 terms, largest first: −9 + 4 + 3 + … = 1", sum.ForwardLine("Sum", 0));
    }

    [Fact]
    public void Max_shares_among_ties()
    {
        Recording recording = Recorded.Of(() => Recorded.Leaf([5, 1, 5]).Max());
        Assert.Equal("y = maxᵢ x[i] = max(5, 1, 5) = 5", recording.ForwardLine("Max", 0));
        Assert.Equal("∂L/∂x[0] = dy/k where x[0] = y, else 0 (5 is the largest, as are k = 2 elements) = 1/2 = 0.5", recording.BackwardLine("Max", 0, 0));
        Assert.Equal("∂L/∂x[1] = dy/k where x[1] = y, else 0 (1 is not the largest, 5) = 0", recording.BackwardLine("Max", 0, 1));
    }
}

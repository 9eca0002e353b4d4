using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;
using Indices = Transformer.Autograd.Indices;

namespace Autograd.Tests.Debugging;

/// <summary>The operations that layers are made of.</summary>
public class LayerLineTests
{
    [Fact]
    public void Linear()
    {
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 2, 3, 4], [2, 2]).Linear(Recorded.Leaf([1, -1, 0, 5], [2, 2]), Recorded.Leaf([10, 20])),
            Tensor.From([1.0, 2, 3, 4], [2, 2], DType.Float64));
        Assert.Equal("y[1,0] = b[0] + Σᵢ x[1,i]·w[0,i] = 10 + 3·1 + 4·(−1) = 10 − 1 = 9", recording.ForwardLine("Linear", 2));
        Assert.Equal("∂L/∂x[1,0] = Σₒ dy[1,o]·w[o,0] = 3·1 + 4·0 = 3", recording.BackwardLine("Linear", 0, 2));
        Assert.Equal(
            "∂L/∂w[0,1] = Σᵣ dy[r,0]·x[r,1] (Σ over 2 places that w[0,1] was used in) = 1·2 + 3·4 = 14", recording.BackwardLine("Linear", 1, 1));
        Assert.Equal("∂L/∂b[1] = Σᵣ dy[r,1] (Σ over 2 places that b[1] was used in) = 2 + 4 = 6", recording.BackwardLine("Linear", 2, 1));
    }

    [Fact]
    public void MatMul_of_a_batch_with_one_transposed_matrix()
    {
        // Y[p] = A[p] Bᵀ with B [3, 2] for both matrices of the batch
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 2, 3, 4], [2, 1, 2]).MatMul(Recorded.Leaf([1, 2, 3, 4, 5, 6], [3, 2]), transposeOther: true),
            Tensor.From([1.0, 2, 3, 4, 5, 6], [2, 1, 3], DType.Float64));
        Assert.Equal("y[1,0,2] = Σₖ a[1,0,k]·b[2,k] = 3·5 + 4·6 = 39", recording.ForwardLine("MatMul", 5));
        Assert.Equal("∂L/∂a[1,0,1] = Σₙ dy[1,0,n]·b[n,1] = 4·2 + 5·4 + 6·6 = 64", recording.BackwardLine("MatMul", 0, 3));
        Assert.Equal(
            "∂L/∂b[2,1] = Σᵢₘ a[i,m,1]·dy[i,m,2] (Σ over 2 products that this matrix of b was used in) = 2·3 + 4·6 = 30",
            recording.BackwardLine("MatMul", 1, 5));
    }

    [Fact]
    public void Gather_names_the_places_that_used_a_row()
    {
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]).Gather(new Indices([2, 0, 2], [3]), paddingRow: 0),
            Tensor.From([1.0, 2, 3, 4, 5, 6], [3, 2], DType.Float64));
        Assert.Equal("y[2,1] = table[row[2],1] (row[2] = 2) = 6", recording.ForwardLine("Gather", 5));
        Assert.Equal(
            "∂L/∂table[2,1] = Σ dy[i,1] over all i with row[i] = 2 (row 2 was used in 2 places: [0], [2]) = 2 + 6 = 8",
            recording.BackwardLine("Gather", 0, 5));
        Assert.Equal("∂L/∂table[0,0] (row 0 is the padding row: its uses contribute nothing) = 0", recording.BackwardLine("Gather", 0, 0));
        Assert.Equal("∂L/∂table[3,0] (row 3 was not used) = 0", recording.BackwardLine("Gather", 0, 6));
    }

    [Fact]
    public void CrossEntropy_with_p_q_and_n()
    {
        // p = (¼, ¾) in both rows that count; L = (−ln ¼ − ln ¾)/2
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([0, Math.Log(3), 9, 9, 0, Math.Log(3)], [3, 2]).CrossEntropy(new Indices([0, 7, 1]), ignoredTarget: 7));
        Assert.Equal(
            "y = (Σ loss[r] over rows r that count) / n (1 of 3 rows are ignored) = (1.38629 + 0.287682) / 2 = 1.67398/2 = 0.836988",
            recording.ForwardLine("CrossEntropy", 0));
        Assert.Equal(
            "∂L/∂x[0,0] = dy·(p[0,0] − q[0,0]) / n (the target of this row is 0) = 1·(0.25 − 1) / 2 = −0.375",
            recording.BackwardLine("CrossEntropy", 0, 0));
        Assert.Equal("∂L/∂x[1,0] (the target of row [1] is 7, which is ignored) = 0", recording.BackwardLine("CrossEntropy", 0, 2));
        Assert.Equal(
            "p[0,0] = exp(x[0,0] − ln Σₖ exp x[0,k]) = exp(0 − 1.38629) = 0.25",
            Formula.OfBackward(recording, recording.Backward("CrossEntropy"), 0, 0).Notes[0]);
    }

    [Fact]
    public void Smoothed_targets()
    {
        Recording recording = Recorded.Of(() => Recorded.Leaf([0, 0, 0, 0], [1, 4]).CrossEntropy(new Indices([2]), labelSmoothing: 0.2));
        IReadOnlyList<string> target = Formula.OfBackward(recording, recording.Backward("CrossEntropy"), 0, 2).Notes;
        IReadOnlyList<string> other = Formula.OfBackward(recording, recording.Backward("CrossEntropy"), 0, 0).Notes;
        Assert.Equal("q[0,2] = 1 − ε + ε/classes = 1 − 0.2 + 0.2/4 = 0.85", target[1]);
        Assert.Equal("q[0,0] = ε/classes = 0.2/4 = 0.05", other[1]);
        Assert.Equal("∂L/∂x[0,2] = dy·(p[0,2] − q[0,2]) / n (the target of this row is 2) = 1·(0.25 − 0.85) / 1 = −0.6", recording.BackwardLine("CrossEntropy", 0, 2));
    }

    [Fact]
    public void LayerNorm_with_its_three_terms()
    {
        // x = (1, 3): μ = 2, σ² = 1, √(1 + 3) = 2, x̂ = (−½, ½); g = γ dy = (2·1, 4·3) = (2, 12): mean g = 7, mean g x̂ = (−1 + 6)/2 = 2.5
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 3], [1, 2]).LayerNorm(Recorded.Leaf([2, 4]), Recorded.Leaf([10, 20]), epsilon: 3),
            Tensor.From([1.0, 3], [1, 2], DType.Float64));
        Assert.Equal("y[0,1] = γ[1]·x̂[0,1] + β[1] = 4·0.5 + 20 = 22", recording.ForwardLine("LayerNorm", 1));
        Explanation explanation = Formula.OfBackward(recording, recording.Backward("LayerNorm"), 0, 1);
        Assert.Equal(
            "∂L/∂x[0,1] = (g[0,1] − mean(g) − x̂[0,1]·mean(g⊙x̂)) / √(σ² + ε) = (12 − 7 − 0.5·2.5) / 2 = 1.875", explanation.Line);
        Assert.Equal(
            [
                "μ = (Σⱼ x[0,j]) / n = (1 + 3) / 2 = 4/2 = 2",
                "σ² = (Σⱼ (x[0,j] − μ)²) / n = ((1 − 2)² + (3 − 2)²) / 2 = 2/2 = 1",
                "√(σ² + ε) = √(1 + 3) = 2",
                "g[0,1] = γ[1]·dy[0,1] = 4·3 = 12",
                "x̂[0,1] = (x[0,1] − μ) / √(σ² + ε) = (3 − 2) / 2 = 0.5",
                "mean(g) = (Σⱼ γ[j]·dy[0,j]) / n = (2·1 + 4·3) / 2 = 14/2 = 7",
                "mean(g⊙x̂) = (Σⱼ γ[j]·dy[0,j]·x̂[0,j]) / n = (2·1·(−0.5) + 4·3·0.5) / 2 = 5/2 = 2.5",
                "Here x is leaf0 [1, 2], γ is leaf1 [2], β is leaf2 [2], y is #1 [1, 2].",
            ],
            explanation.Notes);
        Assert.Equal("∂L/∂γ[1] = Σᵣ dy[r,1]·x̂[r,1] (Σ over 1 place that γ[1] was used in) = 3·0.5 = 1.5", recording.BackwardLine("LayerNorm", 1, 1));
    }

    [Fact]
    public void Dropout_shows_its_mask()
    {
        RandomKey key = new(1, 1, 1, 1);
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([.. Enumerable.Repeat(3.0, 40)]).Dropout(0.25, key), Tensor.Full([40], 6, DType.Float64));
        double[] y = recording.Operations[0].Output.Values.ToTensor(DType.Float64).ToDoubles();
        (int kept, int dropped) = (Array.IndexOf(y, 4), Array.IndexOf(y, 0));
        Assert.Equal($"y[{kept}] = x[{kept}]·m[{kept}]/(1 − p) (kept: m[{kept}] = 1) = 3·1 / (1 − 0.25) = 4", recording.ForwardLine("Dropout", kept));
        Assert.Equal($"∂L/∂x[{dropped}] = dy[{dropped}]·m[{dropped}]/(1 − p) (dropped: m[{dropped}] = 0) = 0", recording.BackwardLine("Dropout", 0, dropped));
    }

    [Fact]
    public void ActivatedLinear_with_its_sum_and_its_slope()
    {
        // z = (1·1 + 2·2 − 1, 1·(−1) + 2·0 − 1) = (4, −2): the second unit is on the flat side.
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 2], [1, 2]).ActivatedLinear(
                Recorded.Leaf([1, 2, -1, 0], [2, 2]), Recorded.Leaf([-1, -1]), ActivationFunction.Relu, 0, default),
            Tensor.From([3.0, 5], [1, 2], DType.Float64));
        Assert.Equal("y[0,0] = relu(z[0,0]) = relu(4) = 4", recording.ForwardLine("ActivatedLinear", 0));
        Assert.Equal("∂L/∂x[0,1] = Σₒ dz[0,o]·w[o,1] = 3·2 + 0·0 = 6", recording.BackwardLine("ActivatedLinear", 0, 1));
        Assert.Equal(
            [
                "dz[0,0] = relu′(z[0,0])·dy[0,0] = relu′(4)·3 = 1·3 = 3",
                "z[0,0] = b[0] + Σᵢ x[0,i]·w[0,i] = −1 + 1·1 + 2·2 = −1 + 5 = 4",
                "Here x is leaf0 [1, 2], w is leaf1 [2, 2], b is leaf2 [2], y is #1 [1, 2].",
            ],
            Formula.OfBackward(recording, recording.Backward("ActivatedLinear"), 1, 1).Notes);
    }

    [Fact]
    public void ResidualLayerNorm_of_the_sum_that_it_normalizes()
    {
        // s = (0 + 1, 1 + 2) = (1, 3), as in LayerNorm_with_its_three_terms.
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([0, 1], [1, 2]).ResidualLayerNorm(
                Recorded.Leaf([1, 2], [1, 2]), Recorded.Leaf([2, 4]), Recorded.Leaf([10, 20]), 0, default, epsilon: 3),
            Tensor.From([1.0, 3], [1, 2], DType.Float64));
        Assert.Equal("y[0,1] = γ[1]·ŝ[0,1] + β[1] = 4·0.5 + 20 = 22", recording.ForwardLine("ResidualLayerNorm", 1));
        Assert.Contains("s[0,1] = x[0,1] + u[0,1] = 1 + 2 = 3", Formula.OfForward(recording, recording.Operations[0], 1).Notes);
        Assert.Equal(
            "∂L/∂u[0,1] = (g[0,1] − mean(g) − ŝ[0,1]·mean(g⊙ŝ)) / √(σ² + ε) = (12 − 7 − 0.5·2.5) / 2 = 1.875", recording.BackwardLine("ResidualLayerNorm", 1, 1));
    }

    [Fact]
    public void TokenEmbedding_names_token_position_and_uses()
    {
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([1, 2, 3], [3, 1]).TokenEmbedding(new Indices([2, 1, 2], [3]), 10, Recorded.Leaf([0.5, 0.25, 0.125], [3, 1]), Indices.Range(0, 3), 0, default),
            Tensor.From([1.0, 2, 3], [3, 1], DType.Float64));
        Assert.Equal(
            "y[1,0] = scale·table[1,0] + positions[1,0] (token 1 at position 1) = 10·2 + 0.25 = 20.25", recording.ForwardLine("TokenEmbedding", 1));
        Assert.Equal(
            "∂L/∂table[2,0] = scale·(Σ dy[i,0] over all i with token[i] = 2) (token 2 was used in 2 places: [0], [2]) = 10·(1 + 3) = 10·4 = 40",
            recording.BackwardLine("TokenEmbedding", 0, 2));
        Assert.Equal("∂L/∂table[0,0] (token 0 was not used) = 0", recording.BackwardLine("TokenEmbedding", 0, 0));
    }

    [Fact]
    public void ProjectedCrossEntropy_with_its_logits()
    {
        // z = (0, ln 3), p = (¼, ¾), L = −ln ¼
        Recording recording = Recorded.Of(() => Recorded.Leaf([Math.Log(3)], [1, 1]).ProjectedCrossEntropy(
            Recorded.Leaf([0, 1], [2, 1]), null, new Indices([0])));
        Assert.Equal("y = loss[0]/n = 1.38629/1 = 1.38629", recording.ForwardLine("ProjectedCrossEntropy", 0));
        Assert.Equal(
            "∂L/∂x[0,0] = Σⱼ g[0,j]·w[j,0] (the target of this row is 0) = −0.75·0 + 0.75·1 = 0.75", recording.BackwardLine("ProjectedCrossEntropy", 0, 0));
        Assert.Equal(
            [
                "g[0,0] = dy·(p[0,0] − q[0,0]) / n = 1·(0.25 − 1) / 1 = −0.75",
                "p[0,0] = exp(z[0,0] − ln Σₖ exp z[0,k]) = exp(0 − 1.38629) = 0.25",
            ],
            Formula.OfBackward(recording, recording.Backward("ProjectedCrossEntropy"), 0, 0).Notes.Where(note => note[0] is 'g' or 'p'));
    }

    [Fact]
    public void Where_counts_the_places_in_which_a_number_was_taken()
    {
        Mask condition = new([true, false, false], [3]);
        Recording recording = Recorded.Of(() => Tensor.Where(condition, Recorded.Leaf([1, 2, 3]), Recorded.Leaf([-5], [])), Tensor.From([1.0, 2, 3], dtype: DType.Float64));
        Assert.Equal("y[1] = a[1] where c[1], else b (c[1] is false: b was taken) = −5", recording.ForwardLine("Where", 1));
        Assert.Equal("∂L/∂a[1] = dy[1] where c[1], else 0 (c[1] is false: b was taken) = 0", recording.BackwardLine("Where", 0, 1));
        Assert.Equal(
            "∂L/∂b = Σᵢ (0 where c[i], else dy[i]) (b stood in 3 places and was taken in 2) = 0 + 2 + 3 = 5", recording.BackwardLine("Where", 1, 0));
    }

    [Fact]
    public void Attention_of_one_head()
    {
        // One channel, √d = 1; scores of the second target: q k = ln 3 · (0, 1) → w = (¼, ¾); the causal mask leaves both.
        // dw = dy v = 4·(1, 2) = (4, 8), Σ w dw = 7, ds = (¼·(4 − 7), ¾·(8 − 7)) = (−¾, ¾)
        Recording recording = Recorded.Of(
            () => Recorded.Leaf([0, Math.Log(3)], [1, 2, 1]).Attend(
                Recorded.Leaf([0, 1], [1, 2, 1]), Recorded.Leaf([1, 2], [1, 2, 1]), new AttentionAttributes(1, null, true, 0, default), out _),
            Tensor.From([0.0, 4], [1, 2, 1], DType.Float64));
        Assert.Equal(
            "y[0,1,0] = Σₛ w[0,0,1,s]·v[0,0,s,0] (value channel 0 of head 0) = 0.25·1 + 0.75·2 = 1.75",
            recording.ForwardLine("ScaledDotProductAttention", 1));
        Assert.Equal(
            "∂L/∂query[0,1,0] = (Σₛ ds[0,0,1,s]·k[0,0,s,0]) / √d (query channel 0 of head 0) = (−0.75·0 + 0.75·1) / √1 = 0.75/1 = 0.75",
            recording.BackwardLine("ScaledDotProductAttention", 0, 1));
        Assert.Equal(
            "∂L/∂value[0,1,0] = Σₜ w[0,0,t,1]·dy[0,0,t,0] (value channel 0 of head 0) = 0·0 + 0.75·4 = 3",
            recording.BackwardLine("ScaledDotProductAttention", 2, 1));
        Assert.Contains("value channel 0 of head 0, 1 of 2 sources are masked", recording.ForwardLine("ScaledDotProductAttention", 0), StringComparison.Ordinal);
        Assert.Contains(
            "ds[0,0,1,0] = w[0,0,1,0]·(dw[0,0,1,0] − Σᵤ w[0,0,1,u]·dw[0,0,1,u]) = 0.25·(4 − (0.25·4 + 0.75·8)) = 0.25·(4 − 7) = −0.75",
            Formula.OfBackward(recording, recording.Backward("ScaledDotProductAttention"), 0, 1).Notes);
    }
}

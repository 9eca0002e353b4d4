using Transformer.Autograd;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.References;

/// <summary>Forward results and gradients against PyTorch's, in double, within 1e-9 of the largest number.</summary>
public class ReferenceTests
{
    private static readonly Dictionary<string, Func<ReferenceCase, Func<string, Tensor>, Tensor>> Operations = new()
    {
        ["exp"] = (_, t) => t("x").Exp(),
        ["log"] = (_, t) => t("x").Log(),
        ["sqrt"] = (_, t) => t("x").Sqrt(),
        ["abs"] = (_, t) => t("x").Abs(),
        ["power"] = (c, t) => t("x").Power(c.Number("exponent")),
        ["cube"] = (c, t) => t("x").Power(c.Number("exponent")),
        ["tanh"] = (_, t) => t("x").Tanh(),
        ["sigmoid"] = (_, t) => t("x").Sigmoid(),
        ["relu"] = (_, t) => t("x").Relu(),
        ["gelu_exact"] = (_, t) => t("x").Gelu(),
        ["gelu_tanh"] = (_, t) => t("x").GeluTanh(),
        ["add_broadcast"] = (_, t) => t("a") + t("b"),
        ["subtract_broadcast"] = (_, t) => t("a") - t("b"),
        ["multiply_broadcast"] = (_, t) => t("a") * t("b"),
        ["divide_broadcast"] = (_, t) => t("a") / t("b"),
        ["sum_last"] = (c, t) => t("x").Sum(c.Integers("axes")),
        ["mean_two_axes"] = (c, t) => t("x").Mean(c.Integers("axes")),
        ["variance_population"] = Variance,
        ["variance_sample"] = Variance,
        ["variance_two_axes"] = Variance,
        ["variance_large_mean"] = Variance,
        ["max_last"] = (c, t) => t("x").Max(c.Integers("axes")),
        ["max_ties"] = (c, t) => t("x").Max(c.Integers("axes")),
        ["max_ties_all"] = (c, t) => t("x").Max(c.Integers("axes")),
        ["softmax"] = (c, t) => t("x").Softmax(c.Integer("axis")),
        ["softmax_middle_axis"] = (c, t) => t("x").Softmax(c.Integer("axis")),
        ["softmax_large"] = (c, t) => t("x").Softmax(c.Integer("axis")),
        ["log_softmax"] = (c, t) => t("x").LogSoftmax(c.Integer("axis")),
        ["log_softmax_large"] = (c, t) => t("x").LogSoftmax(c.Integer("axis")),
        ["softmax_masked"] = (c, t) => t("x").MaskedFill(Mask(c["scoreMask"]), double.NegativeInfinity).Softmax(c.Integer("axis")),
        ["matmul"] = (_, t) => t("a").MatMul(t("b")),
        ["matmul_batched"] = (_, t) => t("a").MatMul(t("b")),
        ["matmul_broadcast_batch"] = (_, t) => t("a").MatMul(t("b")),
        ["linear"] = (_, t) => t("x").Linear(t("weight"), t("bias")),
        ["embedding"] = (c, t) => t("weight").Gather(Indices(c["ids"]), c.Integer("paddingIndex")),
    };

    [Fact]
    public void Operations_agree_with_PyTorch()
    {
        foreach ((string name, ReferenceCase one) in Transformer.Testing.References.Load("operations"))
        {
            // PyTorch's erf stands in the file for the kernels; there is no such operation.
            if (name != "erf")
                Check(name, one, t => Operations[name](one, t));
        }
    }

    [Fact]
    public void Layer_normalization_agrees_with_PyTorch()
    {
        foreach ((string name, ReferenceCase one) in Transformer.Testing.References.Load("layer_norm"))
            Check(name, one, t => t("x").LayerNorm(t("weight"), t("bias"), one.Number("epsilon")));
    }

    [Fact]
    public void Cross_entropy_agrees_with_PyTorch()
    {
        foreach ((string name, ReferenceCase one) in Transformer.Testing.References.Load("cross_entropy"))
        {
            Check(name, one, t => t("logits").CrossEntropy(
                Indices(one["targets"]), one.Number("labelSmoothing"), one.Integer("ignoredIndex")));
        }
    }

    [Fact]
    public void Fused_attention_agrees_with_PyTorch()
    {
        foreach ((string name, ReferenceCase one) in Transformer.Testing.References.Load("scaled_dot_product_attention"))
        {
            Tensor? kept = null;
            Check(name, one, t =>
            {
                // [batch, head, length, headSize] → [batch, length, head · headSize], as the fused operation reads it, and back.
                int[] q = one["query"].Shape;
                AttentionAttributes attributes = new(
                    q[1], one.Has("attentionMask") ? Mask(one["attentionMask"]) : null, false, 0, default);
                Tensor y = Joined(t("query")).Attend(Joined(t("key")), Joined(t("value")), attributes, out kept);
                return y.Reshape(q[0], q[2], q[1], q[3]).Transpose(1, 2);
            });
            Graph.AssertClose(one["weights"].Values, kept!.ToDoubles(), 1e-9);
        }
    }

    [Fact]
    public void Composed_attention_agrees_with_PyTorch()
    {
        foreach ((string name, ReferenceCase one) in Transformer.Testing.References.Load("scaled_dot_product_attention"))
        {
            Check(name, one, t =>
            {
                Tensor scores = t("query").MatMul(t("key"), transposeOther: true) * one.Number("scale");
                if (one.Has("attentionMask"))
                    scores = scores.MaskedFill(Mask(one["attentionMask"]), double.NegativeInfinity);
                return scores.Softmax().MatMul(t("value"));
            });
        }
    }

    private static void Check(string name, ReferenceCase one, Func<Func<string, Tensor>, Tensor> function)
    {
        Dictionary<string, Tensor> leaves = one.Leaves.ToDictionary(
            leaf => leaf, leaf => Tensor.From(one[leaf].Values, Shape.Create(one[leaf].Shape), DType.Float64).AsLeaf());
        Assert.NotEmpty(leaves);
        Tensor y = function(leaf => leaves[leaf]);
        ReferenceTensor expected = one[one.Has("loss") ? "loss" : "output"];
        Assert.True(y.Shape == Shape.Create(expected.Shape), $"{name}: {y.Shape}");
        Graph.AssertClose(expected.Values, y.ToDoubles(), 1e-9);
        y.Backward(one.Has("loss") ? null : Tensor.From(one.Gradient("output").Values, y.Shape, DType.Float64));
        foreach ((string leaf, Tensor tensor) in leaves)
            Graph.AssertClose(one.Gradient(leaf).Values, tensor.Gradient!.ToDoubles(), 1e-9);
    }

    private static Tensor Variance(ReferenceCase one, Func<string, Tensor> leaf) =>
        leaf("x").Variance(one.Integers("axes"), keepAxes: false, correction: one.Integer("correction"));

    private static Tensor Joined(Tensor heads) =>
        heads.Transpose(1, 2).Reshape(heads.Shape[0], heads.Shape[2], heads.Shape[1] * heads.Shape[3]);

    private static Mask Mask(ReferenceTensor mask) => new(mask.Mask, Shape.Create(mask.Shape));

    private static Indices Indices(ReferenceTensor ids) => new(ids.Integers, Shape.Create(ids.Shape));
}

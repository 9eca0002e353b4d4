using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Testing;
using Xunit;

namespace Layers.Tests.References;

/// <summary>Loads PyTorch's inputs and parameters from a case, and compares with its results: all in Float64, within 1e-9.</summary>
internal static class ReferenceComparison
{
    private const double Tolerance = 1e-9;

    /// <summary>Settings of a layer, as far as the case names them.</summary>
    public static LayerSettings Settings(ReferenceCase reference, int modelSize, int feedForwardSize) =>
        new(modelSize, reference.Integer("headCount"), feedForwardSize, 0, ActivationOf(reference), DType.Float64);

    public static Activation ActivationOf(ReferenceCase reference) =>
        reference.Text("activation") == "gelu" ? Activation.Gelu : Activation.Relu;

    public static NormPlacement PlacementOf(ReferenceCase reference) =>
        reference.Flag("normFirst") ? NormPlacement.Pre : NormPlacement.Post;

    public static Tensor Leaf(this ReferenceCase reference, string name) => reference.Tensor(name).AsLeaf();

    public static Tensor Tensor(this ReferenceCase reference, string name) =>
        Transformer.Autograd.Tensor.From(reference[name].Values, Shape.Create(reference[name].Shape), DType.Float64);

    public static Indices Indices(this ReferenceCase reference, string name) =>
        new(reference[name].Integers, Shape.Create(reference[name].Shape));

    /// <summary>A mask over [batch, head, target, source] from [batch, source] (padding) or [target, source] (causal), or null.</summary>
    public static Mask? Mask(this ReferenceCase reference, string name)
    {
        if (!reference.Has(name))
            return null;
        int[] shape = reference[name].Shape;
        bool isPadding = name.EndsWith("addingMask", StringComparison.Ordinal);
        return new Mask(reference[name].Mask, isPadding ? [shape[0], 1, 1, shape[1]] : [shape[0], shape[1]]);
    }

    /// <summary>Gives the module the case's parameters; both sides have the same keys and shapes.</summary>
    public static void LoadParameters(this Module module, ReferenceCase reference)
    {
        foreach ((string name, Parameter parameter) in module.NamedParameters())
        {
            Assert.Equal(reference[name].Shape, parameter.Shape.Sizes.ToArray());
            parameter.CopyFrom(reference.Tensor(name));
        }
    }

    /// <summary>Sends PyTorch's output gradient back and compares the gradient of every input and every parameter.</summary>
    public static void CompareGradients(this ReferenceCase reference, Tensor output, Module module, params (string Name, Tensor Tensor)[] inputs)
    {
        output.Backward(reference.Has("gradient:output") ? reference.Tensor("gradient:output") : null);
        Dictionary<string, Tensor> leaves = inputs.ToDictionary(input => input.Name, input => input.Tensor);
        foreach ((string name, Parameter parameter) in module.NamedParameters())
            leaves.Add(name, parameter);
        Assert.Equal(reference.Leaves.Order(), leaves.Keys.Order());
        foreach ((string name, Tensor leaf) in leaves)
            Close(name, reference.Gradient(name), leaf.Gradient);
    }

    public static void Close(string name, ReferenceTensor expected, Tensor? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Shape, actual.Shape.Sizes.ToArray());
        for (int i = 0; i < expected.Values.Length; i++)
        {
            double error = Math.Abs(expected.Values[i] - actual.ValueAt(i));
            Assert.True(error <= Tolerance * Math.Max(1, Math.Abs(expected.Values[i])), $"{name}, element {i}: {actual.ValueAt(i)}, PyTorch {expected.Values[i]}");
        }
    }
}

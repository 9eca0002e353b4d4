using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>What a model's configuration demands of its settings; messages name the configuration.</summary>
/// <param name="configuration">The record's name.</param>
internal readonly struct SettingsCheck(string configuration)
{
    /// <summary>Throws where a rule does not hold.</summary>
    /// <exception cref="ArgumentException">It does not; the message is the rule.</exception>
    public void Demand(bool holds, FormattableString rule)
    {
        if (!holds)
            throw new ArgumentException($"{configuration}: {FormattableString.Invariant(rule)}.");
    }

    /// <summary>A size has a least value.</summary>
    public void AtLeast(int least, int value, string name) => Demand(value >= least, $"{name} is {least} or more, not {value}");

    /// <summary>What holds for the layers of every model.</summary>
    public void Layer(LayerSettings layer)
    {
        (int modelSize, int heads) = (layer.ModelSize, layer.HeadCount);
        AtLeast(1, modelSize, nameof(layer.ModelSize));
        AtLeast(1, heads, nameof(layer.HeadCount));
        AtLeast(1, layer.FeedForwardSize, nameof(layer.FeedForwardSize));
        Demand(
            modelSize % heads == 0,
            $"ModelSize {modelSize} does not divide into {heads} heads; make it a multiple of HeadCount, such as {(modelSize / heads + 1) * heads}");
        Demand(
            layer.DropoutRate >= 0 && layer.DropoutRate < 1,
            $"DropoutRate is a probability from 0 to below 1, not {layer.DropoutRate}; 0 turns dropout off");
        Demand(
            Enum.IsDefined(layer.Activation),
            $"Activation is {nameof(Activation.Relu)}, {nameof(Activation.Gelu)} or {nameof(Activation.GeluTanh)}, not {layer.Activation}");
        Demand(Enum.IsDefined(layer.DType), $"DType is {nameof(DType.Float32)} or {nameof(DType.Float64)}, not {layer.DType}");
    }
}

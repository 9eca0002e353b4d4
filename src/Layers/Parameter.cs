using Transformer.Autograd;

namespace Transformer.Layers;

/// <summary>A tensor that training changes: a leaf that requires a gradient and knows where in the model it lives.</summary>
public sealed class Parameter : Tensor
{
    private Module? owner;
    private string localName = string.Empty;

    /// <summary>A parameter on the memory of these values; make them outside any <see cref="Step"/>'s operations.</summary>
    public Parameter(Tensor values)
        : base(values) => RequiresGradient = true;

    /// <summary>The state key from the outermost module, <c>encoder.layers.0.linear1.weight</c>; empty while no module holds it.</summary>
    /// <exception cref="NotSupportedException">Set: a parameter is named by its module.</exception>
    public override string Name
    {
        get => owner is null ? string.Empty : owner.KeyPrefix + localName;
        set => throw new NotSupportedException($"A parameter is named by the module that registers it: {Name}.");
    }

    /// <inheritdoc/>
    public override bool IsParameter => true;

    // A shared parameter keeps the name under which it was registered first.
    internal void BelongTo(Module module, string name)
    {
        if (owner is not null)
            return;
        owner = module;
        localName = name;
    }
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;

namespace Transformer.Layers;

/// <summary>The function between the two linear maps of a <see cref="FeedForward"/>.</summary>
public enum Activation
{
    /// <summary>max(0, x), as in the paper.</summary>
    Relu,

    /// <summary>x Φ(x) (Hendrycks and Gimpel 2016), in the exact form with erf.</summary>
    Gelu,

    /// <summary>The same with erf approximated by tanh, as in GPT-2: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.</summary>
    GeluTanh,
}

/// <summary>
/// Position-wise feed-forward network (Vaswani et al. 2017, section 3.3): W₂ activation(W₁ x + b₁) + b₂, with dropout after
/// the activation, where PyTorch has it. Unless <see cref="Module.Composed"/>, first map, activation and dropout are one operation. Keys <c>linear1</c> and <c>linear2</c>.
/// </summary>
public sealed class FeedForward : Module
{
    private readonly Activation activation;
    private readonly Dropout dropout;

    /// <summary>Both linear maps start as <see cref="Linear"/> says.</summary>
    /// <param name="settings">Sizes, dropout and activation.</param>
    /// <param name="streams">Where random numbers come from.</param>
    public FeedForward(LayerSettings settings, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(settings);
        activation = settings.Activation;
        First = Register("linear1", new Linear(settings.ModelSize, settings.FeedForwardSize, streams, settings.DType));
        dropout = Register("dropout", new Dropout(settings.DropoutRate, streams));
        Second = Register("linear2", new Linear(settings.FeedForwardSize, settings.ModelSize, streams, settings.DType));
    }

    /// <summary>W₁ and b₁, modelSize → feedForwardSize.</summary>
    public Linear First { get; }

    /// <summary>W₂ and b₂, feedForwardSize → modelSize.</summary>
    public Linear Second { get; }

    /// <inheritdoc/>
    public override string OutputShape => Second.OutputShape;

    /// <summary>[.., modelSize] → [.., modelSize], each position by itself.</summary>
    public Tensor Forward(Tensor x)
    {
        using ModuleScope scope = Enter();
        Tensor active = Composed ? dropout.Forward(Activate(First.Forward(x))) : First.Forward(x, Function, dropout);
        return Second.Forward(active);
    }

    private ActivationFunction Function => activation switch
    {
        Activation.Relu => ActivationFunction.Relu,
        Activation.Gelu => ActivationFunction.Gelu,
        _ => ActivationFunction.GeluTanh,
    };

    private Tensor Activate(Tensor x) => activation switch
    {
        Activation.Relu => x.Relu(),
        Activation.Gelu => x.Gelu(),
        _ => x.GeluTanh(),
    };
}

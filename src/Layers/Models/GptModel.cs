using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// A language model in the layout of GPT-2 (Radford et al. 2019, section 2.3): token ids → logits of the next token at each
/// position. Learned positions; pre-norm layers of causal self-attention and a feed-forward network with the tanh form of GELU; a norm
/// at the end; and an output projection without bias that is the token embedding's table. A layer of the paper's encoder that
/// sees no later positions is all that such a model is made of.
/// <para>
/// State keys: <c>token_embedding.weight</c>, <c>positions.weight</c>, <c>layers.0.…</c> as in
/// <c>torch.nn.TransformerEncoderLayer</c>, and <c>norm.…</c>.
/// </para>
/// <para>Initial values: matrices and tables normal with deviation 0.02, biases 0, norms 1 and 0.</para>
/// </summary>
public sealed class GptModel : Module
{
    // Radford et al. 2018, section 4.1.
    private const double InitialDeviation = 0.02;

    private readonly Dropout dropout;

    /// <summary>Makes a model and draws its initial values.</summary>
    /// <param name="configuration">Sizes.</param>
    /// <param name="streams">Where random numbers come from, those of dropout too.</param>
    /// <exception cref="ArgumentException">The configuration does not fit; see <see cref="GptConfiguration.Validate"/>.</exception>
    public GptModel(GptConfiguration configuration, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(streams);
        configuration.Validate();
        Configuration = configuration;
        int size = configuration.ModelSize;
        TokenEmbedding = Register("token_embedding", new Embedding(configuration.VocabularySize, size, null, streams, configuration.DType));
        Positions = Register("positions", new LearnedEncoding(configuration.MaximumLength, size, streams, configuration.DType));
        dropout = Register("dropout", new Dropout(configuration.DropoutRate, streams));
        Stack = Register(
            "stack", new Encoder(configuration.LayerCount, NormPlacement.Pre, configuration.Layer, streams), namedInKeys: false);
        Output = Register("output", new Linear(TokenEmbedding.Weight, bias: null));
        Initialize(streams);
    }

    /// <summary>The sizes.</summary>
    public GptConfiguration Configuration { get; }

    /// <summary>The tokens' vectors.</summary>
    public Embedding TokenEmbedding { get; }

    /// <summary>Where tokens stand.</summary>
    public LearnedEncoding Positions { get; }

    /// <summary>The layers, and the norm after the last.</summary>
    public Encoder Stack { get; }

    /// <summary>The projection to the vocabulary; its weight is the embedding's.</summary>
    public Linear Output { get; }

    /// <inheritdoc/>
    public override string OutputShape => $"[batch, length, {Configuration.VocabularySize}]";

    /// <summary>The logits of every next token, given the tokens up to it.</summary>
    /// <param name="tokens">[batch, length].</param>
    /// <returns>[batch, length, vocabularySize].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, the sequence is too long, or a token is not in the vocabulary.</exception>
    public Tensor Forward(Indices tokens)
    {
        using ModuleScope scope = Enter();
        return Output.Forward(States(tokens));
    }

    /// <summary>The mean cross-entropy of the next tokens, in nats, as a scalar of the graph.</summary>
    /// <param name="tokens">[batch, length].</param>
    /// <param name="next">The token after each of them, [batch, length].</param>
    /// <exception cref="ArgumentException">A shape does not fit, the sequence is too long, or a token is not in the vocabulary.</exception>
    public Tensor Loss(Indices tokens, Indices next) => Forward(tokens).CrossEntropy(next);

    private Tensor States(Indices tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2)
            throw new ArgumentException($"GptModel: tokens are [batch, length], not {tokens.Shape}.");
        Tensor x = dropout.Forward(Positions.Forward(TokenEmbedding.Forward(tokens)));
        return Stack.Forward(x, causal: true);
    }

    // The layers drew what suits the translation model; a norm's weight has one axis and stays 1.
    private void Initialize(RandomStreams streams)
    {
        foreach ((string name, Parameter parameter) in NamedParameters())
        {
            if (parameter.Rank > 1)
                parameter.CopyFrom(Tensor.Normal(parameter.Shape, streams.NextInitialKey(), 0, InitialDeviation, parameter.DType));
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                parameter.Fill(0);
        }
    }
}

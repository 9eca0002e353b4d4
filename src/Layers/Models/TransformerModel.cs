using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// The Transformer (Vaswani et al. 2017, figure 1): token ids of a source and of a target shifted right → logits of the
/// next target token at each position. Padding and causal masks are made inside.
/// <para>
/// State keys: <c>source_embedding.weight</c>, <c>target_embedding.weight</c>, <c>encoder.…</c> and <c>decoder.…</c> as in
/// <c>torch.nn.Transformer</c>, <c>output.weight</c> (absent where tied), <c>output.bias</c>; with learned positions also
/// <c>source_positions.weight</c> and <c>target_positions.weight</c>.
/// </para>
/// <para>
/// Initial values: every matrix inside encoder and decoder Xavier uniform (<c>in_proj_weight</c> as the one matrix
/// [3 modelSize, modelSize] that it is); biases of attention and of the output 0; biases of the feed-forward networks uniform
/// in ±1/√inputs, as PyTorch leaves them; norms 1 and 0; embeddings normal with deviation 1/√modelSize, the padding row 0; an
/// output matrix of its own uniform in ±1/√modelSize.
/// </para>
/// </summary>
public sealed class TransformerModel : Module
{
    private readonly Dropout sourceDropout;
    private readonly Dropout targetDropout;

    /// <summary>Makes a model and draws its initial values.</summary>
    /// <param name="configuration">Sizes and choices.</param>
    /// <param name="streams">Where random numbers come from, those of dropout too.</param>
    /// <exception cref="ArgumentException">The configuration does not fit; see <see cref="TransformerConfiguration.Validate"/>.</exception>
    public TransformerModel(TransformerConfiguration configuration, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(streams);
        configuration.Validate();
        Configuration = configuration;
        int size = configuration.ModelSize;
        SourceEmbedding = Register("source_embedding", new Embedding(
            configuration.SourceVocabularySize, size, configuration.PaddingIndex, streams, configuration.DType));
        TargetEmbedding = Register("target_embedding", new Embedding(
            configuration.TargetVocabularySize, size, configuration.PaddingIndex, streams, configuration.DType));
        SourcePositions = Register("source_positions", NewPositions(streams));
        TargetPositions = Register("target_positions", NewPositions(streams));
        sourceDropout = Register("source_dropout", new Dropout(configuration.DropoutRate, streams));
        targetDropout = Register("target_dropout", new Dropout(configuration.DropoutRate, streams));
        Encoder = Register("encoder", new Encoder(configuration.EncoderLayerCount, configuration.NormPlacement, configuration.Layer, streams));
        Decoder = Register("decoder", new Decoder(configuration.DecoderLayerCount, configuration.NormPlacement, configuration.Layer, streams));
        Output = Register("output", new Linear(
            configuration.TiedOutput
                ? TargetEmbedding.Weight
                : Initialization.UniformByInputs([configuration.TargetVocabularySize, size], size, streams, configuration.DType),
            Tensor.Zeros([configuration.TargetVocabularySize], configuration.DType)));
    }

    /// <summary>The sizes and choices.</summary>
    public TransformerConfiguration Configuration { get; }

    /// <summary>The source tokens' vectors.</summary>
    public Embedding SourceEmbedding { get; }

    /// <summary>The target tokens' vectors.</summary>
    public Embedding TargetEmbedding { get; }

    /// <summary>Where source tokens stand.</summary>
    public PositionalEncoding SourcePositions { get; }

    /// <summary>Where target tokens stand.</summary>
    public PositionalEncoding TargetPositions { get; }

    /// <summary>The left half of figure 1.</summary>
    public Encoder Encoder { get; }

    /// <summary>The right half of figure 1.</summary>
    public Decoder Decoder { get; }

    /// <summary>The projection to the target vocabulary.</summary>
    public Linear Output { get; }

    /// <inheritdoc/>
    public override string OutputShape => $"[batch, targetLength, {Configuration.TargetVocabularySize}]";

    /// <summary>Teacher forcing: the logits of every next token, given the true tokens before it.</summary>
    /// <param name="source">Source tokens, [batch, sourceLength], shorter sentences filled up with padding.</param>
    /// <param name="targetInput">Target tokens shifted right, [batch, targetLength]: they begin with the beginning of sentence.</param>
    /// <param name="crossWeights">
    /// Receives each decoder layer's cross-attention weights, [batch, head, targetLength, sourceLength]; null for none.
    /// </param>
    /// <returns>[batch, targetLength, targetVocabularySize].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, a sentence is too long, or a token is not in its vocabulary.</exception>
    public Tensor Forward(Indices source, Indices targetInput, ICollection<Tensor>? crossWeights = null)
    {
        CheckTokens(source, nameof(source));
        Mask sourceMask = SourceMask(source);
        return Decode(targetInput, EncodeMasked(source, sourceMask), sourceMask, crossWeights);
    }

    /// <summary>
    /// Teacher forcing over packed sentences: what <see cref="Forward(Indices, Indices, ICollection{Tensor}?)"/> computes, without the
    /// rows of padding, and before the projection to the vocabulary. <see cref="Output"/> makes logits of it.
    /// </summary>
    /// <param name="source">Source sentences.</param>
    /// <param name="targetInput">As many target sentences, shifted right.</param>
    /// <returns>One vector for each target token, [1, targetTokens, modelSize].</returns>
    /// <exception cref="ArgumentException">The sentences are not as many, one is too long, or a token is not in its vocabulary.</exception>
    public Tensor States(PackedTokens source, PackedTokens targetInput)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(targetInput);
        using ModuleScope scope = Enter();
        Tensor memory = Encoder.Forward(
            Embed(source, SourceEmbedding, SourcePositions, sourceDropout), Mask.Within(source.Sentences, source.Sentences));
        return Decoder.Forward(
            Embed(targetInput, TargetEmbedding, TargetPositions, targetDropout), memory,
            Mask.Within(targetInput.Sentences, targetInput.Sentences), Mask.Within(targetInput.Sentences, source.Sentences));
    }

    /// <summary>The encoder's result, the memory.</summary>
    /// <param name="source">Source tokens, [batch, sourceLength].</param>
    /// <returns>[batch, sourceLength, modelSize].</returns>
    public Tensor Encode(Indices source)
    {
        CheckTokens(source, nameof(source));
        return EncodeMasked(source, SourceMask(source));
    }

    /// <summary>The logits of every next token, given the memory and the true tokens before it.</summary>
    /// <param name="targetInput">Target tokens shifted right, [batch, targetLength].</param>
    /// <param name="memory">What <see cref="Encode"/> returned.</param>
    /// <param name="sourceMask">What <see cref="SourceMask"/> returns for the same source.</param>
    /// <param name="crossWeights">Receives each decoder layer's cross-attention weights; null for none.</param>
    /// <returns>[batch, targetLength, targetVocabularySize].</returns>
    public Tensor Decode(Indices targetInput, Tensor memory, Mask sourceMask, ICollection<Tensor>? crossWeights = null)
    {
        using ModuleScope scope = Enter();
        CheckTokens(targetInput, nameof(targetInput));
        Tensor x = Embed(targetInput, TargetEmbedding, TargetPositions, targetDropout, 0);
        Mask targetMask = Mask.Padding(targetInput, Configuration.PaddingIndex);
        return Output.Forward(Decoder.Forward(x, memory, targetMask, sourceMask, crossWeights));
    }

    /// <summary>True where a source token is not padding, [batch, 1, 1, sourceLength].</summary>
    public Mask SourceMask(Indices source) => Mask.Padding(source, Configuration.PaddingIndex);

    /// <summary>Encodes a batch and prepares to decode it token by token with <see cref="DecodeStep"/>.</summary>
    /// <param name="source">Source tokens, [batch, sourceLength].</param>
    /// <exception cref="InvalidOperationException">The model is in training mode.</exception>
    public DecodingState BeginDecoding(Indices source)
    {
        DemandEvaluation();
        CheckTokens(source, nameof(source));
        using NoGradient scope = new();
        Mask sourceMask = SourceMask(source);
        return new DecodingState(Decoder, EncodeMasked(source, sourceMask), sourceMask);
    }

    /// <summary>
    /// The logits of the token after these, the same as <see cref="Forward"/> gives for the last position; records no gradient.
    /// </summary>
    /// <param name="tokens">The newest token of each row, [batch].</param>
    /// <param name="state">What came before; these tokens are added.</param>
    /// <param name="crossWeights">Receives each decoder layer's cross-attention weights, [batch, head, 1, sourceLength]; null for none.</param>
    /// <returns>[batch, targetVocabularySize].</returns>
    /// <exception cref="InvalidOperationException">The model is in training mode.</exception>
    /// <exception cref="ArgumentException">Another number of rows, a token that is not in the vocabulary, or a target that got too long.</exception>
    public Tensor DecodeStep(ReadOnlySpan<int> tokens, DecodingState state, ICollection<Tensor>? crossWeights = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        DemandEvaluation();
        if (tokens.Length != state.BatchSize)
            throw new ArgumentException($"DecodeStep: {tokens.Length} tokens for a batch of {state.BatchSize} rows; pass one token for each.");
        using NoGradient scope = new();
        Indices next = new(tokens, [tokens.Length, 1]);
        Tensor x = Embed(next, TargetEmbedding, TargetPositions, targetDropout, state.Length);
        x = Decoder.Step(x, state, Mask.Padding(next, Configuration.PaddingIndex), crossWeights);
        return Output.Forward(x).Reshape(tokens.Length, Configuration.TargetVocabularySize);
    }

    private Tensor EncodeMasked(Indices source, Mask sourceMask)
    {
        using ModuleScope scope = Enter();
        return Encoder.Forward(Embed(source, SourceEmbedding, SourcePositions, sourceDropout, 0), sourceMask);
    }

    // Section 3.4: embeddings are multiplied by √modelSize; section 5.4: dropout on the sum with the positions.
    private Tensor Embed(Indices tokens, Embedding embedding, PositionalEncoding positions, Dropout dropout, int offset)
    {
        double scale = Math.Sqrt(Configuration.ModelSize);
        if (Composed)
            return dropout.Forward(positions.Forward(embedding.Forward(tokens) * scale, offset));
        int length = tokens.Shape[-1];
        return embedding.Forward(tokens, scale, positions.TableFor(offset, length), Indices.Range(offset, length), dropout);
    }

    private Tensor Embed(PackedTokens tokens, Embedding embedding, PositionalEncoding positions, Dropout dropout)
    {
        double scale = Math.Sqrt(Configuration.ModelSize);
        return Composed
            ? dropout.Forward(positions.Forward(embedding.Forward(tokens.Tokens) * scale, tokens.Positions))
            : embedding.Forward(tokens.Tokens, scale, positions.TableFor(0, tokens.Sentences.Longest), tokens.Positions, dropout);
    }

    private PositionalEncoding NewPositions(RandomStreams streams) => Configuration.Positions == PositionKind.Sinusoidal
        ? new SinusoidalEncoding(Configuration.MaximumLength, Configuration.ModelSize, Configuration.DType)
        : new LearnedEncoding(Configuration.MaximumLength, Configuration.ModelSize, streams, Configuration.DType);

    private static void CheckTokens(Indices tokens, string name)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2)
            throw new ArgumentException($"TransformerModel: {name} is [batch, length], not {tokens.Shape}.");
    }

    private void DemandEvaluation()
    {
        if (Training)
            throw new InvalidOperationException("TransformerModel: decoding wants the model without dropout; call Evaluate() first.");
    }
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// Multi-head attention (Vaswani et al. 2017, section 3.2.2): MultiHead(Q, K, V) = Concat(head₁, …, headₕ) Wᴼ with
/// headᵢ = Attention(Q Wᵢ^Q, K Wᵢ^K, V Wᵢ^V). One matrix <c>in_proj_weight</c> [3 modelSize, modelSize] holds the projections
/// of query, key and value of all heads as three blocks of rows, in this order; <c>out_proj</c> is Wᴼ.
/// <para>
/// Masks: true = may attend (PyTorch's boolean masks mean the opposite). A target that may attend to nothing has weights 0.
/// </para>
/// <para>
/// Apply each instance once in a forward pass: a second time in the same step its dropout would draw the same mask.
/// </para>
/// </summary>
public sealed class MultiHeadAttention : Module
{
    private readonly int modelSize;
    private readonly int headCount;
    private readonly double dropoutRate;
    private readonly RandomStreams streams;
    private readonly uint dropoutStream;

    /// <summary>Both matrices start Xavier uniform (the three blocks as one matrix, as PyTorch has it), the biases at 0.</summary>
    /// <param name="modelSize">Size of queries, keys, values and outputs.</param>
    /// <param name="headCount">Number of heads; divides modelSize.</param>
    /// <param name="dropoutRate">Dropout on the attention weights.</param>
    /// <param name="streams">Where random numbers come from.</param>
    /// <param name="dtype">Element type of the parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the rate is not in [0, 1).</exception>
    /// <exception cref="ArgumentException">The heads do not divide modelSize.</exception>
    public MultiHeadAttention(int modelSize, int headCount, double dropoutRate, RandomStreams streams, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(streams);
        SizeCheck.Positive(nameof(MultiHeadAttention), modelSize);
        SizeCheck.Positive(nameof(MultiHeadAttention), headCount);
        if (modelSize % headCount != 0)
            throw new ArgumentException($"MultiHeadAttention: modelSize {modelSize} does not divide into {headCount} heads.");
        Dropout.CheckRate(dropoutRate);
        this.modelSize = modelSize;
        this.headCount = headCount;
        this.dropoutRate = dropoutRate;
        this.streams = streams;
        InProjectionWeight = Register("in_proj_weight", Initialization.XavierUniform(3 * modelSize, modelSize, streams, dtype));
        InProjectionBias = Register("in_proj_bias", Tensor.Zeros([3 * modelSize], dtype));
        dropoutStream = streams.NextStream();
        OutProjection = Register("out_proj", new Linear(
            Initialization.XavierUniform(modelSize, modelSize, streams, dtype), Tensor.Zeros([modelSize], dtype)));
    }

    /// <summary>Rows W^Q, then W^K, then W^V, [3 modelSize, modelSize].</summary>
    public Parameter InProjectionWeight { get; }

    /// <summary>The biases of the three, [3 modelSize].</summary>
    public Parameter InProjectionBias { get; }

    /// <summary>Wᴼ and its bias.</summary>
    public Linear OutProjection { get; }

    /// <inheritdoc/>
    public override string OutputShape => OutProjection.OutputShape;

    /// <summary>Attention of queries to keys and their values.</summary>
    /// <param name="query">[batch, targetLength, modelSize].</param>
    /// <param name="key">[batch, sourceLength, modelSize]; in self-attention the query itself.</param>
    /// <param name="value">Shaped as the keys; usually the same tensor.</param>
    /// <param name="mask">True = may attend; broadcasts to [batch, head, targetLength, sourceLength]; null for none.</param>
    /// <param name="causal">True where a position must not see later ones (aligned at the end, where the lengths differ).</param>
    /// <returns>[batch, targetLength, modelSize].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Mask? mask = null, bool causal = false)
    {
        using ModuleScope scope = Enter();
        return OutProjection.Forward(Heads(query, key, value, Attributes(mask, causal)));
    }

    /// <summary>The same, and the weights, which the fused operation computes for this alone.</summary>
    /// <param name="query">[batch, targetLength, modelSize].</param>
    /// <param name="key">[batch, sourceLength, modelSize]; in self-attention the query itself.</param>
    /// <param name="value">Shaped as the keys; usually the same tensor.</param>
    /// <param name="mask">True = may attend; broadcasts to [batch, head, targetLength, sourceLength]; null for none.</param>
    /// <param name="causal">True where a position must not see later ones (aligned at the end, where the lengths differ).</param>
    /// <param name="weights">
    /// Softmax's result before dropout, [batch, head, targetLength, sourceLength]; differentiable where <see cref="Module.Composed"/>.
    /// </param>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor, Mask?, bool)"/>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Mask? mask, bool causal, out Tensor weights)
    {
        using ModuleScope scope = Enter();
        return OutProjection.Forward(Heads(query, key, value, Attributes(mask, causal), out weights));
    }

    /// <summary>Attention to what a cache holds, in incremental decoding.</summary>
    /// <param name="query">[batch, targetLength, modelSize].</param>
    /// <param name="cache">Keys and values; see <see cref="KeyValueCache.Append"/>.</param>
    /// <returns>[batch, targetLength, modelSize].</returns>
    public Tensor Forward(Tensor query, KeyValueCache cache)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(cache);
        AttentionAttributes attributes = Attributes(cache.Mask, causal: false);
        return OutProjection.Forward(
            Composed ? ComposedHeads(query, cache, attributes, out _) : Queries(query).AttendPacked(cache.KeysAndValues, attributes));
    }

    /// <summary>The same, and the weights, which the fused operation computes for this alone.</summary>
    /// <param name="query">[batch, targetLength, modelSize].</param>
    /// <param name="cache">Keys and values; see <see cref="KeyValueCache.Append"/>.</param>
    /// <param name="weights">[batch, head, targetLength, cache.Capacity].</param>
    /// <returns>[batch, targetLength, modelSize].</returns>
    public Tensor Forward(Tensor query, KeyValueCache cache, out Tensor weights)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(cache);
        AttentionAttributes attributes = Attributes(cache.Mask, causal: false);
        return OutProjection.Forward(Composed
            ? ComposedHeads(query, cache, attributes, out weights)
            : Queries(query).AttendPacked(cache.KeysAndValues, attributes, out weights));
    }

    /// <summary>
    /// Self-attention of positions that follow those of a cache, in incremental decoding: adds their keys and values to it, and
    /// attends to all that it holds.
    /// </summary>
    /// <param name="x">[batch, newPositions, modelSize]; usually one position, for new ones see each other, too.</param>
    /// <param name="cache">Keys and values of the positions before, and then of these.</param>
    /// <param name="keep">False where a new position is padding, [batch, 1, 1, newPositions].</param>
    /// <returns>[batch, newPositions, modelSize].</returns>
    public Tensor Continue(Tensor x, KeyValueCache cache, Mask keep)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(cache);
        if (Composed)
        {
            cache.Append(KeysAndValues(x), keep);
            return Forward(x, cache);
        }

        // One product for the three projections.
        Tensor[] parts = x.Linear(InProjectionWeight, InProjectionBias).Split(-1, modelSize, 2 * modelSize);
        cache.Append(parts[1], keep);
        return OutProjection.Forward(parts[0].AttendPacked(cache.KeysAndValues, Attributes(cache.Mask, causal: false)));
    }

    /// <summary>The projected [keys | values] of a sequence, [batch, length, 2 modelSize]: what a <see cref="KeyValueCache"/> keeps.</summary>
    public Tensor KeysAndValues(Tensor source)
    {
        using ModuleScope scope = Enter();
        return Project(source, 1, 2);
    }

    // Heads side by side, before the output projection.
    private Tensor Heads(Tensor query, Tensor key, Tensor value, AttentionAttributes attributes)
    {
        if (Composed)
            return ComposedAttention.Attend(Queries(query), Keys(key), Values(value), attributes, out _);
        if (!ReferenceEquals(key, value))
            return Queries(query).Attend(Keys(key), Values(value), attributes);
        if (!ReferenceEquals(query, key))
            return Queries(query).AttendPacked(KeysAndValues(key), attributes);
        return query.Linear(InProjectionWeight, InProjectionBias).AttendPacked(attributes);
    }

    private Tensor Heads(Tensor query, Tensor key, Tensor value, AttentionAttributes attributes, out Tensor weights)
    {
        if (Composed)
            return ComposedAttention.Attend(Queries(query), Keys(key), Values(value), attributes, out weights);
        if (!ReferenceEquals(key, value))
            return Queries(query).Attend(Keys(key), Values(value), attributes, out weights);
        if (!ReferenceEquals(query, key))
            return Queries(query).AttendPacked(KeysAndValues(key), attributes, out weights);
        return query.Linear(InProjectionWeight, InProjectionBias).AttendPacked(attributes, out weights);
    }

    private Tensor ComposedHeads(Tensor query, KeyValueCache cache, AttentionAttributes attributes, out Tensor weights)
    {
        Tensor[] parts = cache.KeysAndValues.Split(-1, modelSize, modelSize);
        return ComposedAttention.Attend(Queries(query), parts[0], parts[1], attributes, out weights);
    }

    private Tensor Queries(Tensor query) => Project(query, 0, 1);

    private Tensor Keys(Tensor key) => Project(key, 1, 1);

    private Tensor Values(Tensor value) => Project(value, 2, 1);

    // A run of the three row blocks of in_proj; slices along axis 0 share the memory.
    private Tensor Project(Tensor x, int firstBlock, int blockCount)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor weight = InProjectionWeight.Slice(0, firstBlock * modelSize, blockCount * modelSize);
        Tensor bias = InProjectionBias.Slice(0, firstBlock * modelSize, blockCount * modelSize);
        return x.Linear(weight, bias);
    }

    private AttentionAttributes Attributes(Mask? mask, bool causal) =>
        new(headCount, mask, causal, Training ? dropoutRate : 0, streams.Key(dropoutStream));
}

using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a fused attention.</summary>
/// <param name="HeadCount">Into how many heads the model's channels are cut.</param>
/// <param name="Mask">True = may attend; broadcasts to [batch, head, targetLength, sourceLength]; null for none.</param>
/// <param name="Causal">
/// True where target t sees sources up to t only (aligned at the end). Where the mask is <see cref="Mask.Within"/>, both are counted within
/// their sequence.
/// </param>
/// <param name="DropoutRate">Dropout on the weights, in [0, 1).</param>
/// <param name="DropoutKey">Which random numbers that dropout draws.</param>
public sealed record AttentionAttributes(int HeadCount, Mask? Mask, bool Causal, double DropoutRate, RandomKey DropoutKey);

/// <summary>
/// Scaled dot-product attention of all heads (Vaswani et al. 2017, sections 3.2.1 and 3.2.2) as one operation, which
/// reads heads in place. It keeps the maximum and the sum of each row of weights, not the weights: the backward pass computes them
/// again (Dao et al. 2022, "FlashAttention"), so that memory grows with the length, not with its square. Inputs are
/// [batch, length, modelSize]: query, key and value; or query and packed [key | value]; or packed [query | key | value].
/// </summary>
internal sealed class ScaledDotProductAttention : Operation
{
    private readonly Tensor[] inputs;
    private readonly AttentionAttributes attributes;

    public ScaledDotProductAttention(Tensor[] inputs, AttentionAttributes attributes)
        : base(inputs)
    {
        this.inputs = inputs;
        this.attributes = attributes;
    }

    public override object Attributes => attributes;

    /// <summary>The largest score of each row, [batch, head, targetLength]; −∞ where a target may attend to nothing.</summary>
    private Tensor Maximum => Save("maximum", RowShape);

    /// <summary>1 / Σ over sources of exp(score − maximum), [batch, head, targetLength]; 0 where a target may attend to nothing.</summary>
    private Tensor Inverse => Save("inverse", RowShape);

    /// <summary>Elements of the weights [batch, head, targetLength, sourceLength]: possibly more than a tensor can have.</summary>
    public long WeightCount => KernelShape.WeightCount;

    protected override Shape OutputShape
    {
        get
        {
            Tensor q = inputs[0];
            Tensor kv = inputs[^1];
            bool fits = inputs.Length <= 3 && inputs.All(input => input.Rank == 3 && input.Shape[0] == q.Shape[0])
                && q.Shape[2] == QueryParts * ModelSize && kv.Shape[2] == SourceParts * ModelSize
                && (inputs.Length < 3 || inputs[1].Shape.Equals(inputs[2].Shape));
            if (!fits)
            {
                throw ShapeError(
                    "inputs are [batch, length, modelSize], keys and values of one length, not "
                    + string.Join(", ", inputs.Select(input => input.Shape)));
            }

            if (attributes.HeadCount < 1 || ModelSize % attributes.HeadCount != 0)
                throw ShapeError($"modelSize {ModelSize} does not divide into {attributes.HeadCount} heads");
            if (attributes.Mask is { } mask && !AttentionMasks.Fits(mask, WeightSizes))
            {
                throw ShapeError(
                    $"the mask {mask.Shape} does not broadcast to [batch, head, targetLength, sourceLength] = [{string.Join(", ", WeightSizes)}]");
            }

            return [q.Shape[0], q.Shape[1], ModelSize];
        }
    }

    private int QueryParts => inputs.Length == 1 ? 3 : 1;

    private int SourceParts => 4 - inputs.Length;

    private int ModelSize => inputs[0].Shape[2] / QueryParts;

    private int SourceLength => inputs[^1].Shape[1];

    private Shape RowShape => [inputs[0].Shape[0], attributes.HeadCount, inputs[0].Shape[1]];

    // No Shape: of packed sequences the weights may be more than an array holds, and are never written out.
    private int[] WeightSizes => field ??= [inputs[0].Shape[0], attributes.HeadCount, inputs[0].Shape[1], SourceLength];

    // Where query, key and value begin within a row of the input that holds them.
    private static (int Input, int Column) Query => (0, 0);

    private (int Input, int Column) Key => inputs.Length == 1 ? (0, ModelSize) : (1, 0);

    private (int Input, int Column) Value => inputs.Length switch
    {
        1 => (0, 2 * ModelSize),
        2 => (1, ModelSize),
        _ => (2, 0),
    };

    private AttentionShape KernelShape => new(
        inputs[0].Shape[0], attributes.HeadCount, inputs[0].Shape[1], SourceLength, ModelSize / attributes.HeadCount,
        inputs[Query.Input].Shape[2], inputs[Key.Input].Shape[2], inputs[Value.Input].Shape[2], ModelSize);

    /// <summary>softmax(Q Kᵀ / √d) before dropout, [batch, head, targetLength, sourceLength], detached: computed again from the scores.</summary>
    public Tensor ComputeWeights()
    {
        Shape shape = Shape.Create(WeightSizes);
        Tensor weights = new(shape, DType, Step.NewStorage(DType, shape.ElementCount));
        WeightCall call = new(this, weights);
        DType.Dispatch(ref call);
        return weights;
    }

    // W = softmax(Q Kᵀ / √headSize), masked entries 0        Y = dropout(W) V        (for each head)
    protected override void Forward<T>(Span<T> y) =>
        Attention.Forward(KernelInputs<T>(), Maximum.WritableValues<T>(), Inverse.WritableValues<T>(), y);

    // ∂L/∂V += dropout(W)ᵀ ∂L/∂Y        ∂L/∂W = dropout(∂L/∂Y Vᵀ)
    // ∂L/∂S = W ⊙ (∂L/∂W − Σ over sources of W ⊙ ∂L/∂W)        ∂L/∂Q += ∂L/∂S K / √headSize        ∂L/∂K += ∂L/∂Sᵀ Q / √headSize
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> first = Needs(inputs[0]) ? ContributionTo<T>(inputs[0]) : [];
        Span<T> second = inputs.Length > 1 && Needs(inputs[1]) ? ContributionTo<T>(inputs[1]) : [];
        Span<T> third = inputs.Length > 2 && Needs(inputs[2]) ? ContributionTo<T>(inputs[2]) : [];
        Attention.Backward(
            KernelInputs<T>(), Values<T>(Maximum), Values<T>(Inverse), Values<T>(Output), dy,
            From(first, Query.Column),
            From(Key.Input == 0 ? first : second, Key.Column),
            From(Value.Input == 0 ? first : Value.Input == 1 ? second : third, Value.Column));

        static Span<T> From(Span<T> contribution, int column) => contribution.IsEmpty ? contribution : contribution[column..];
    }

    protected internal override Tensor Composed() =>
        ComposedAttention.Attend(Cut(Query), Cut(Key), Cut(Value), attributes, out _);

    // The part itself where the input holds nothing else.
    private Tensor Cut((int Input, int Column) part) =>
        inputs[part.Input].Shape[2] == ModelSize ? inputs[part.Input] : inputs[part.Input].Slice(2, part.Column, ModelSize);

    private ReadOnlySpan<T> Part<T>((int Input, int Column) part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> values = Values<T>(inputs[part.Input]);
        return values.IsEmpty ? values : values[part.Column..];
    }

    private AttentionInputs<T> KernelInputs<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(
            KernelShape, Part<T>(Query), Part<T>(Key), Part<T>(Value), AttentionMasks.ForKernel(attributes, WeightSizes),
            T.One / T.Sqrt(T.CreateChecked(ModelSize / attributes.HeadCount)), new(attributes.DropoutKey, attributes.DropoutRate));

    private readonly struct WeightCall(ScaledDotProductAttention operation, Tensor weights) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Attention.Weights(
                operation.KernelInputs<T>(), operation.Values<T>(operation.Maximum), operation.Values<T>(operation.Inverse),
                weights.WritableValues<T>());
    }
}

/// <content>Methods.</content>
public partial class Tensor
{
    /// <summary>
    /// Multi-head attention of these queries [batch, targetLength, modelSize] to keys and values
    /// [batch, sourceLength, modelSize], as one operation. The composed form is
    /// <c>MatMul → Divide → Where → Softmax → Dropout → MatMul</c> for each head.
    /// </summary>
    /// <param name="key">Keys, [batch, sourceLength, modelSize].</param>
    /// <param name="value">Values, shaped as the keys.</param>
    /// <param name="attributes">Heads, mask, dropout.</param>
    /// <returns>The heads side by side, [batch, targetLength, modelSize].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or the heads do not divide modelSize.</exception>
    public Tensor Attend(Tensor key, Tensor value, AttentionAttributes attributes) =>
        new ScaledDotProductAttention([this, key, value], attributes).Apply();

    /// <summary>The same, and the weights, which take time and memory of their own.</summary>
    /// <param name="key">Keys, [batch, sourceLength, modelSize].</param>
    /// <param name="value">Values, shaped as the keys.</param>
    /// <param name="attributes">Heads, mask, dropout.</param>
    /// <param name="weights">softmax(Q Kᵀ / √headSize) before dropout, [batch, head, targetLength, sourceLength], detached.</param>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes)"/>
    public Tensor Attend(Tensor key, Tensor value, AttentionAttributes attributes, out Tensor weights) =>
        Attend([this, key, value], attributes, out weights);

    /// <summary>The same from queries and packed [batch, sourceLength, key | value].</summary>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes)"/>
    public Tensor AttendPacked(Tensor keyValue, AttentionAttributes attributes) =>
        new ScaledDotProductAttention([this, keyValue], attributes).Apply();

    /// <summary>The same from queries and packed [batch, sourceLength, key | value].</summary>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes, out Tensor)"/>
    public Tensor AttendPacked(Tensor keyValue, AttentionAttributes attributes, out Tensor weights) =>
        Attend([this, keyValue], attributes, out weights);

    /// <summary>Self-attention from this packed tensor [batch, length, query | key | value].</summary>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes)"/>
    public Tensor AttendPacked(AttentionAttributes attributes) =>
        new ScaledDotProductAttention([this], attributes).Apply();

    /// <summary>Self-attention from this packed tensor [batch, length, query | key | value].</summary>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes, out Tensor)"/>
    public Tensor AttendPacked(AttentionAttributes attributes, out Tensor weights) =>
        Attend([this], attributes, out weights);

    private static Tensor Attend(Tensor[] inputs, AttentionAttributes attributes, out Tensor weights)
    {
        ScaledDotProductAttention attention = new(inputs, attributes);
        Tensor y = attention.Apply();
        weights = attention.ComputeWeights();
        return y;
    }
}

using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a fused attention.</summary>
/// <param name="HeadCount">Into how many heads the model's channels are cut.</param>
/// <param name="Mask">True = may attend; broadcasts to [batch, head, targetLength, sourceLength]; null for none.</param>
/// <param name="Causal">True where target t sees sources up to t only (aligned at the end).</param>
/// <param name="DropoutRate">Dropout on the weights, in [0, 1).</param>
/// <param name="DropoutKey">Which random numbers that dropout draws.</param>
public sealed record AttentionAttributes(int HeadCount, Mask? Mask, bool Causal, double DropoutRate, RandomKey DropoutKey);

/// <summary>
/// Scaled dot-product attention of all heads (Vaswani et al. 2017, sections 3.2.1 and 3.2.2) as one operation, which
/// reads heads in place and keeps its weights. Inputs are [batch, length, modelSize]: query, key and value; or query
/// and packed [key | value]; or packed [query | key | value].
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

    /// <summary>softmax(Q Kᵀ / √d) before dropout, [batch, head, targetLength, sourceLength].</summary>
    public Tensor Weights => Save("weights", WeightShape);

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
            if (attributes.Mask is { } mask && !Broadcasting.Common(Kind, mask.Shape, WeightShape).Equals(WeightShape))
                throw ShapeError($"the mask {mask.Shape} does not broadcast to [batch, head, targetLength, sourceLength] = {WeightShape}");
            return [q.Shape[0], q.Shape[1], ModelSize];
        }
    }

    private int QueryParts => inputs.Length == 1 ? 3 : 1;

    private int SourceParts => 4 - inputs.Length;

    private int ModelSize => inputs[0].Shape[2] / QueryParts;

    private int SourceLength => inputs[^1].Shape[1];

    private Shape WeightShape => [inputs[0].Shape[0], attributes.HeadCount, inputs[0].Shape[1], SourceLength];

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

    // W = softmax(Q Kᵀ / √headSize), masked entries 0        Y = dropout(W) V        (for each head)
    protected override void Forward<T>(Span<T> y) =>
        Attention.Forward(
            KernelShape, Part<T>(Query), Part<T>(Key), Part<T>(Value), KernelMask, Scaling<T>(), Dropped,
            Weights.WritableValues<T>(), y);

    // ∂L/∂V += dropout(W)ᵀ ∂L/∂Y        ∂L/∂W = dropout(∂L/∂Y Vᵀ)
    // ∂L/∂S = W ⊙ (∂L/∂W − Σ over sources of W ⊙ ∂L/∂W)        ∂L/∂Q += ∂L/∂S K / √headSize        ∂L/∂K += ∂L/∂Sᵀ Q / √headSize
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> first = Needs(inputs[0]) ? ContributionTo<T>(inputs[0]) : [];
        Span<T> second = inputs.Length > 1 && Needs(inputs[1]) ? ContributionTo<T>(inputs[1]) : [];
        Span<T> third = inputs.Length > 2 && Needs(inputs[2]) ? ContributionTo<T>(inputs[2]) : [];
        Attention.Backward(
            KernelShape, Part<T>(Query), Part<T>(Key), Part<T>(Value), Values<T>(Weights), Scaling<T>(), Dropped, dy,
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

    private T Scaling<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.One / T.Sqrt(T.CreateChecked(ModelSize / attributes.HeadCount));

    private DropoutMask Dropped => new(attributes.DropoutKey, attributes.DropoutRate);

    private AttentionMask KernelMask
    {
        get
        {
            if (attributes.Mask is not { } mask)
                return new AttentionMask([], causal: attributes.Causal);
            // The kernel reads a row of sources at a time: only the axes before it may stay broadcast.
            Shape full = WeightShape;
            Mask rows = mask.Shape.Rank > 0 && mask.Shape[-1] == full[-1] ? mask : mask.BroadcastTo(full);
            int[] strides = Broadcasting.Strides(rows.Shape, full);
            return new AttentionMask(rows.Values, strides[0], strides[1], strides[2], attributes.Causal);
        }
    }
}

/// <content>Methods.</content>
public partial class Tensor
{
    /// <summary>
    /// Multi-head attention of these queries [batch, targetLength, modelSize] to keys and values
    /// [batch, sourceLength, modelSize], as one operation. The composed form is
    /// <c>MatMul → Scale → MaskedFill → Softmax → Dropout → MatMul</c> for each head.
    /// </summary>
    /// <param name="key">Keys, [batch, sourceLength, modelSize].</param>
    /// <param name="value">Values, shaped as the keys.</param>
    /// <param name="attributes">Heads, mask, dropout.</param>
    /// <param name="weights">softmax(Q Kᵀ / √headSize) before dropout, [batch, head, targetLength, sourceLength], detached.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the heads do not divide modelSize.</exception>
    public Tensor Attend(Tensor key, Tensor value, AttentionAttributes attributes, out Tensor weights) =>
        Attend([this, key, value], attributes, out weights);

    /// <summary>The same from queries and packed [batch, sourceLength, key | value].</summary>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes, out Tensor)"/>
    public Tensor AttendPacked(Tensor keyValue, AttentionAttributes attributes, out Tensor weights) =>
        Attend([this, keyValue], attributes, out weights);

    /// <summary>Self-attention from this packed tensor [batch, length, query | key | value].</summary>
    /// <inheritdoc cref="Attend(Tensor, Tensor, AttentionAttributes, out Tensor)"/>
    public Tensor AttendPacked(AttentionAttributes attributes, out Tensor weights) =>
        Attend([this], attributes, out weights);

    private static Tensor Attend(Tensor[] inputs, AttentionAttributes attributes, out Tensor weights)
    {
        ScaledDotProductAttention attention = new(inputs, attributes);
        Tensor y = attention.Apply();
        weights = attention.Weights;
        return y;
    }
}

namespace Transformer.Kernels;

/// <summary>What an attention is computed from, forwards and backwards.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="shape">Sizes and strides.</param>
/// <param name="query">Q, [batch, target, heads · headSize] with rows QueryStride apart.</param>
/// <param name="key">K, [batch, source, heads · headSize] with rows KeyStride apart.</param>
/// <param name="value">V, [batch, source, heads · headSize] with rows ValueStride apart.</param>
/// <param name="mask">Who may attend to whom.</param>
/// <param name="scale">Factor of the scores, 1/√headSize in the paper; positive.</param>
/// <param name="dropout">Dropout on the weights, its mask counted over [batch, head, target, source].</param>
public readonly ref struct AttentionInputs<T>(
    AttentionShape shape, ReadOnlySpan<T> query, ReadOnlySpan<T> key, ReadOnlySpan<T> value, AttentionMask mask, T scale, AttentionDropout dropout = default)
    where T : unmanaged
{
    /// <summary>Sizes and strides.</summary>
    public AttentionShape Shape { get; } = shape;

    /// <summary>Q.</summary>
    public ReadOnlySpan<T> Query { get; } = query;

    /// <summary>K.</summary>
    public ReadOnlySpan<T> Key { get; } = key;

    /// <summary>V.</summary>
    public ReadOnlySpan<T> Value { get; } = value;

    /// <summary>Who may attend to whom.</summary>
    public AttentionMask Mask { get; } = mask;

    /// <summary>Factor of the scores.</summary>
    public T Scale { get; } = scale;

    /// <summary>Dropout on the weights.</summary>
    public AttentionDropout Dropout { get; } = dropout;

    /// <summary>The same without dropout.</summary>
    internal AttentionInputs<T> Undropped => new(Shape, Query, Key, Value, Mask, Scale);
}

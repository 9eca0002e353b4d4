namespace Transformer.Kernels;

/// <summary>
/// Sizes of an attention, and where its matrices lie. Query row (batch b, target t) starts at (b · TargetLength + t) ·
/// QueryStride and head h begins h · HeadSize behind it; keys and values alike over the source rows, the output like the query. So heads are
/// read and written where a projection left them, also where query, key and value are columns of one packed matrix.
/// </summary>
/// <param name="Batch">Sentences.</param>
/// <param name="Heads">Heads of each.</param>
/// <param name="TargetLength">Positions that ask.</param>
/// <param name="SourceLength">Positions that are attended to.</param>
/// <param name="HeadSize">Elements of a query, key or value of one head.</param>
/// <param name="QueryStride">Elements from one query row to the next, at least Heads · HeadSize.</param>
/// <param name="KeyStride">Elements from one key row to the next.</param>
/// <param name="ValueStride">Elements from one value row to the next.</param>
/// <param name="OutputStride">Elements from one output row to the next.</param>
public readonly record struct AttentionShape(
    int Batch, int Heads, int TargetLength, int SourceLength, int HeadSize, int QueryStride, int KeyStride, int ValueStride, int OutputStride)
{
    /// <summary>Elements of the weights [batch, head, target, source].</summary>
    public long WeightCount => (long)Batch * Heads * TargetLength * SourceLength;

    /// <summary>Rows of the weights, [batch, head, target].</summary>
    public long RowCount => (long)Batch * Heads * TargetLength;

    /// <summary>The shape of query, key, value and output without gaps: rows [.., Heads · HeadSize].</summary>
    public static AttentionShape Dense(int batch, int heads, int targetLength, int sourceLength, int headSize)
    {
        int row = heads * headSize;
        return new(batch, heads, targetLength, sourceLength, headSize, row, row, row, row);
    }
}

using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>Attributes of a gather.</summary>
/// <param name="Rows">Which rows of the table, in the shape of the result without its last axes.</param>
/// <param name="PaddingRow">A row that gets no gradient, or −1.</param>
public sealed record GatherAttributes(Indices Rows, int PaddingRow);

/// <summary>Rows of a table, as an embedding looks them up: y[i, :] = table[rowᵢ, :].</summary>
internal sealed class Gather(Tensor table, GatherAttributes attributes) : Operation(table)
{
    public override object Attributes => attributes;

    protected override Shape OutputShape =>
        table.Rank == 2
            ? [.. attributes.Rows.Shape, table.Shape[1]]
            : throw ShapeError($"the table is [rows, width], not {table.Shape}");

    // y[i, :] = table[rowᵢ, :]
    protected override void Forward<T>(Span<T> y)
    {
        // Rows without elements cannot be told apart by the kernel.
        if (table.Shape[1] > 0)
            Indexing.Gather(Values<T>(table), attributes.Rows.Values, y, table.Shape[1]);
    }

    // ∂L/∂table[r, :] += Σᵢ ∂L/∂y[i, :] over all i with rowᵢ = r; 0 for the padding row
    protected override void Backward<T>(ReadOnlySpan<T> dy)
    {
        Span<T> contribution = ContributionTo<T>(table);
        if (table.Shape[1] > 0)
            Indexing.SegmentSum(dy, attributes.Rows.Values, contribution, table.Shape[1], attributes.PaddingRow);
    }
}

/// <content>Method.</content>
public partial class Tensor
{
    /// <summary>
    /// Rows of this table [rows, width], in the shape of <paramref name="rows"/> with the width as last axis.
    /// </summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="paddingRow">A row whose uses contribute no gradient, or −1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Tensor Gather(Indices rows, int paddingRow = -1) =>
        new Gather(this, new GatherAttributes(rows, paddingRow)).Apply();
}

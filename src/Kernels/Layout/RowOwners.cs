namespace Transformer.Kernels;

/// <summary>
/// Whoever adds up into rows of a table: row r belongs to owner r mod 16, and each owner goes through all that is to be added in its order, so two
/// threads never add to one row and no order of addition depends on the number of threads.
/// </summary>
internal static class RowOwners
{
    public const int Count = 16;

    /// <summary>Elements that an owner adds, if the rows come evenly.</summary>
    public static long Elements(int length) => Math.Max(1, length / Count);

    /// <summary>True where a row belongs to one of the owners from <paramref name="start"/> to <paramref name="end"/> − 1.</summary>
    public static bool Own(int row, int start, int end) => row % Count >= start && row % Count < end;
}

using System.Numerics;

namespace Transformer.Kernels;

/// <summary>
/// The elements of some rows of a matrix, a piece at a time, with the random words of its elements. A piece ends where its row does, so that
/// a row's own vector, such as a bias, goes along with it; the words are made for a stretch at a time, whatever the length of a row.
/// </summary>
/// <param name="mask">Whose words; there are none where it does not draw.</param>
/// <param name="startRow">The first row.</param>
/// <param name="endRow">The row after the last.</param>
/// <param name="columns">Length of a row.</param>
/// <param name="buffer">Of <see cref="DropoutMask{T}.BufferLength"/> words.</param>
internal ref struct DropoutPieces<T>(DropoutMask<T> mask, int startRow, int endRow, int columns, Span<uint> buffer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DropoutMask<T> mask = mask;
    private readonly Span<uint> buffer = buffer;
    private readonly int end = endRow * columns;
    private ReadOnlySpan<uint> stretch;
    private int stretchStart;
    private int stretchEnd = startRow * columns;

    /// <summary>The first element of the piece.</summary>
    public int First { get; private set; } = startRow * columns;

    /// <summary>Number of elements.</summary>
    public int Length { get; private set; }

    /// <summary>Where the piece begins in its row.</summary>
    public int Column { get; private set; }

    /// <summary>The words of the piece, and behind them as much as the rest of a vector reads.</summary>
    public readonly ReadOnlySpan<uint> Words => stretch[(First - stretchStart)..];

    /// <summary>Goes on to the next piece, at first to the first one; false when there is none.</summary>
    public bool Next()
    {
        First += Length;
        if (First == end)
            return false;
        if (First == stretchEnd)
        {
            stretchStart = First;
            stretchEnd = Math.Min(First + DropoutMask<T>.Stretch, end);
            stretch = mask.Draws ? mask.Words(First, stretchEnd - First, buffer) : buffer;
        }
        Column = First % columns;
        Length = Math.Min(columns - Column, stretchEnd - First);
        return true;
    }
}

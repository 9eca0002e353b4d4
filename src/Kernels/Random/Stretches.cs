namespace Transformer.Kernels;

/// <summary>The elements of some rows of a matrix, in stretches of up to <see cref="DropoutMask{T}.Stretch"/>, whatever the length of a row.</summary>
internal struct Stretches(int startRow, int endRow, int columns)
{
    private readonly int end = endRow * columns;

    /// <summary>The first element of the stretch.</summary>
    public int First { get; private set; } = startRow * columns;

    /// <summary>Number of elements.</summary>
    public int Length { get; private set; }

    /// <summary>Goes on to the next stretch, at first to the first one; false when there is none.</summary>
    public bool Next()
    {
        First += Length;
        Length = Math.Min(DropoutMask<float>.Stretch, end - First);
        return Length > 0;
    }
}

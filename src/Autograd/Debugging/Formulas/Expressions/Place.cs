namespace Transformer.Autograd.Debugging;

/// <summary>One number of an index; a running one is written as its letter.</summary>
internal readonly record struct Coordinate(int Value, string? Letter = null)
{
    public static implicit operator Coordinate(int value) => new(value);

    public override string ToString() => Letter ?? FormattableString.Invariant($"{Value}");
}

/// <summary>An element's index, <c>[0,2]</c>, or with running letters <c>[0,j]</c>; empty for a scalar.</summary>
internal sealed class Place(params Coordinate[] coordinates)
{
    public int Rank => coordinates.Length;

    public ReadOnlySpan<Coordinate> Coordinates => coordinates;

    public Coordinate this[int axis] => coordinates[axis < 0 ? axis + Rank : axis];

    /// <summary>The index of a row-major position.</summary>
    public static Place At(Shape shape, int position) => new(Array.ConvertAll(shape.IndexOf(position), value => new Coordinate(value)));

    /// <summary>The row-major position.</summary>
    public int Offset(Shape shape)
    {
        int offset = 0;
        for (int axis = 0; axis < coordinates.Length; axis++)
            offset = (offset * shape.Sizes[axis]) + coordinates[axis].Value;
        return offset;
    }

    /// <summary>This index with another last coordinate.</summary>
    public Place WithLast(Coordinate last) => new([.. coordinates.AsSpan(0, Rank - 1), last]);

    /// <summary>The same without its last coordinate.</summary>
    public Place WithoutLast() => new([.. coordinates.AsSpan(0, Rank - 1)]);

    /// <summary>This index with one coordinate more.</summary>
    public Place Then(params ReadOnlySpan<Coordinate> further) => new([.. coordinates, .. further]);

    /// <summary>Where an input that broadcasts to a larger shape is read for this place of the larger one.</summary>
    public Place In(Shape input)
    {
        Coordinate[] index = new Coordinate[input.Rank];
        for (int fromLast = 1; fromLast <= input.Rank; fromLast++)
            index[^fromLast] = input[-fromLast] == 1 ? 0 : coordinates[^fromLast];
        return new Place(index);
    }

    /// <summary>The row that the place is in: <c>[0,:]</c>.</summary>
    public string Row => $"[{string.Join(',', coordinates.AsSpan(0, Rank - 1).ToArray().Append(new Coordinate(0, ":")))}]";

    public override string ToString() => Rank == 0 ? string.Empty : $"[{string.Join(',', coordinates)}]";
}

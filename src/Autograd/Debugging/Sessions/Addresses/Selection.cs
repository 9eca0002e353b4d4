namespace Transformer.Autograd.Debugging.Sessions.Addresses;

/// <summary>Which elements of a tensor are meant: for each axis one index or a stretch of them.</summary>
internal sealed class Selection
{
    private readonly Shape shape;
    private readonly (int Start, int End, bool IsOne)[] axes;

    private Selection(Shape shape, (int Start, int End, bool IsOne)[] axes)
    {
        this.shape = shape;
        this.axes = axes;
        Shape = [.. axes.Where(axis => !axis.IsOne).Select(axis => axis.End - axis.Start)];
    }

    /// <summary>The axes that are left, with their sizes.</summary>
    public Shape Shape { get; }

    /// <summary>True where it is one element.</summary>
    public bool IsElement => Shape.Rank == 0;

    /// <summary>True where it is the whole tensor.</summary>
    public bool IsWhole => Shape == shape;

    /// <summary>Row-major position, in the tensor, of the first selected element.</summary>
    public int First => PositionOf(new int[Shape.Rank]);

    public static Selection Whole(Shape shape) => new(shape, [.. shape.Select(size => (0, size, false))]);

    /// <summary>One element.</summary>
    public static Selection Element(Shape shape, int position) => new(shape, [.. shape.IndexOf(position).Select(index => (index, index + 1, true))]);

    /// <summary>Reads <c>0, 2:5</c>; axes that are not named are taken whole, negative numbers count from the end.</summary>
    /// <param name="text">What stands between the brackets.</param>
    /// <param name="shape">Shape of the tensor.</param>
    /// <param name="column">Where the text stands in the command.</param>
    public static Selection Parse(string text, Shape shape, int column)
    {
        string[] parts = text.Trim().Length == 0 ? [] : text.Split(',');
        if (parts.Length > shape.Rank)
            throw new CommandException($"{Plural(parts.Length, "index", "indices")} for a tensor of {Plural(shape.Rank, "axis", "axes")}, {shape}", column);
        (int, int, bool)[] axes = [.. shape.Select(size => (0, size, false))];
        for (int axis = 0; axis < parts.Length; axis++)
        {
            axes[axis] = ParseAxis(parts[axis].Trim(), shape[axis], axis, column);
            column += parts[axis].Length + 1;
        }

        return new Selection(shape, axes);
    }

    /// <summary>Row-major position, in the tensor, of an element given by its indices among the selected ones.</summary>
    public int PositionOf(ReadOnlySpan<int> index)
    {
        int position = 0;
        int used = 0;
        for (int axis = 0; axis < axes.Length; axis++)
            position = (position * shape[axis]) + axes[axis].Start + (axes[axis].IsOne ? 0 : index[used++]);
        return position;
    }

    /// <summary>Row-major position, in the tensor, of the n-th selected element.</summary>
    public int PositionOf(int element) => PositionOf(Shape.IndexOf(element));

    /// <summary>This selection with the first axis that is left fixed at an index.</summary>
    public Selection At(int index)
    {
        (int Start, int End, bool IsOne)[] fixedAxes = [.. axes];
        int axis = Array.FindIndex(axes, entry => !entry.IsOne);
        fixedAxes[axis] = (axes[axis].Start + index, axes[axis].Start + index + 1, true);
        return new Selection(shape, fixedAxes);
    }

    /// <summary>The index along an axis of the tensor, or where it is a stretch, the index at which that begins.</summary>
    public int StartOf(int axis) => axes[axis].Start;

    /// <summary>The tensor's axis behind one of the axes that are left.</summary>
    public int AxisOf(int left) => axes.Index().Where(entry => !entry.Item.IsOne).ElementAt(left).Index;

    /// <summary><c>[0, 2]</c>; empty for a scalar.</summary>
    public static string Brackets(Shape shape, int position) =>
        shape.Rank == 0 ? string.Empty : $"[{string.Join(", ", shape.IndexOf(position))}]";

    /// <summary><c>[0, 2:5]</c>; empty for a whole tensor.</summary>
    public override string ToString() => axes.Index().All(entry => !entry.Item.IsOne && entry.Item.End - entry.Item.Start == shape[entry.Index])
        ? string.Empty
        : $"[{string.Join(", ", axes.Select((axis, i) =>
            axis.IsOne ? $"{axis.Start}" : axis.Start == 0 && axis.End == shape[i] ? ":" : $"{axis.Start}:{axis.End}"))}]";

    private static string Plural(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    private static (int Start, int End, bool IsOne) ParseAxis(string text, int size, int axis, int column)
    {
        int colon = text.IndexOf(':');
        if (colon < 0)
        {
            if (text.Length == 0)
                throw new CommandException("an index is missing here; : stands for a whole axis", column);
            int index = Bound(text, size, size, column);
            return index >= 0 && index < size
                ? (index, index + 1, true)
                : throw new CommandException($"index {text} is outside axis {axis}, which has size {size}", column);
        }

        int start = Bound(text[..colon], 0, size, column);
        int end = Bound(text[(colon + 1)..], size, size, column);
        if (start < 0 || start > size || end < 0 || end > size)
            throw new CommandException($"{text} is outside axis {axis}, which has size {size}", column);
        return start <= end ? (start, end, false) : throw new CommandException($"{text} ends before it begins", column);
    }

    private static int Bound(string text, int byDefault, int size, int column)
    {
        text = text.Trim();
        if (text.Length == 0 && byDefault != size)
            return byDefault;
        if (text.Length == 0)
            return size;
        return int.TryParse(text, out int bound)
            ? (bound < 0 ? bound + size : bound)
            : throw new CommandException($"'{text}' is no index: write [3, 5], [3, :] or [0, 2:5]", column);
    }
}

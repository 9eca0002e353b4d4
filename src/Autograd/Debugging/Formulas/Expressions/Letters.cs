namespace Transformer.Autograd.Debugging;

/// <summary>Running letters for axes.</summary>
internal static class Letters
{
    private static readonly string[] Rows = ["r", "s", "t", "u", "v", "p", "m", "n"];
    private static readonly string[] Axes = ["i", "j", "k", "l", "m", "n", "o", "p"];

    /// <summary>r, s, t, … for the axes before the last ones of a tensor: its rows.</summary>
    public static (string Letter, int Count)[] OfRows(Shape shape, int lastAxes = 1) =>
        [.. Enumerable.Range(0, shape.Rank - lastAxes).Select(axis => (Rows[axis % Rows.Length], shape[axis]))];

    /// <summary>i, j, k, … for axes from <paramref name="first"/> to <paramref name="end"/> (excluded).</summary>
    public static (string Letter, int Count)[] OfAxes(Shape shape, int first, int end) =>
        [.. Enumerable.Range(first, end - first).Select(axis => (Axes[(axis - first) % Axes.Length], shape[axis]))];

    /// <summary>i, j, k, … for the output's axes along which an input of this shape is repeated.</summary>
    public static ((string Letter, int Count)[] Letters, int[] Axes) OfRepeats(Shape input, Shape output)
    {
        int[] axes = [.. Enumerable.Range(0, output.Rank).Where(axis => output[axis] != 1 && IsRepeated(input, output, axis))];
        return ([.. axes.Select((axis, i) => (Axes[i % Axes.Length], output[axis]))], axes);
    }

    private static bool IsRepeated(Shape input, Shape output, int axis)
    {
        int own = axis - (output.Rank - input.Rank);
        return own < 0 || input[own] == 1;
    }
}

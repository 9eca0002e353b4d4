namespace Transformer.Autograd.Debugging;

/// <summary>What broadcasting does to a gradient: a sum over the places of the output that one element was repeated to.</summary>
internal static class Repeats
{
    /// <param name="numbers">The operation's numbers.</param>
    /// <param name="input">Which input.</param>
    /// <param name="at">The input's element.</param>
    /// <param name="name">The input's letter.</param>
    /// <param name="term">What comes back from one place of the output.</param>
    public static Derivation Sum(OperationNumbers numbers, int input, Place at, string name, Func<Place, Expression> term)
    {
        Shape output = numbers.OutputShape;
        ((string Letter, int Count)[] letters, int[] axes) = Letters.OfRepeats(numbers.ShapeOf(input), output);
        Expression sum = Debugging.Sum.Over(letters, running => term(Spread(at, output, axes, running)));
        return new(sum, letters.Length == 0 ? string.Empty : Remark($"{name}{at}", letters));
    }

    public static string Remark(string name, IReadOnlyList<(string Letter, int Count)> letters)
    {
        int count = letters.Aggregate(1, (product, letter) => product * letter.Count);
        return FormattableString.Invariant($"Σ over {count} place{(count == 1 ? string.Empty : "s")} that {name} was used in");
    }

    /// <summary>The place of the output with these coordinates along the repeated axes, and the input's own elsewhere.</summary>
    public static Place Spread(Place at, Shape output, int[] axes, Coordinate[] running)
    {
        Coordinate[] index = new Coordinate[output.Rank];
        int missing = output.Rank - at.Rank;
        for (int axis = 0; axis < index.Length; axis++)
            index[axis] = axis >= missing ? at[axis - missing] : 0;
        for (int i = 0; i < axes.Length; i++)
            index[axes[i]] = running[i];
        return new Place(index);
    }
}

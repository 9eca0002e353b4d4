namespace Transformer.Autograd.Debugging;

/// <summary>Operations that take each input element to one place of the output.</summary>
internal static class PlaceTerms
{
    public static IEnumerable<Term> Backward(TimelineEvent entry, Contribution contribution, int position)
    {
        int place = OutputPlace(entry.Operation!, contribution.InputPosition, position);
        return place < 0 ? [] : [new Term(place, 1, contribution.Values.ValueAt(position))];
    }

    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        (int input, int place) = InputPlace(operation, position);
        return [new Source(input, place, operation.Output.Values.ValueAt(position))];
    }

    private static int OutputPlace(RecordedOperation operation, int input, int position)
    {
        Shape x = operation.Inputs[input].Shape;
        Shape y = operation.Output.Shape;
        switch (operation.Attributes)
        {
            case PermuteAttributes permute:
                int[] index = x.IndexOf(position);
                return y.Offset([.. permute.Axes.Select(axis => index[axis])]);
            case SliceAttributes slice:
                return Moved(x, y, slice.Axis, position, -slice.Start);
            case ConcatenateAttributes concatenate:
                return Moved(x, y, concatenate.Axis, position, operation.Inputs.Take(input).Sum(part => part.Shape[concatenate.Axis]));
            default:
                return position;
        }
    }

    private static (int Input, int Position) InputPlace(RecordedOperation operation, int position)
    {
        Shape x = operation.Inputs[0].Shape;
        Shape y = operation.Output.Shape;
        switch (operation.Attributes)
        {
            case PermuteAttributes permute:
                int[] index = y.IndexOf(position);
                int[] original = new int[index.Length];
                for (int axis = 0; axis < index.Length; axis++)
                    original[permute.Axes[axis]] = index[axis];
                return (0, x.Offset(original));
            case SliceAttributes slice:
                return (0, Moved(y, x, slice.Axis, position, slice.Start));
            case ConcatenateAttributes concatenate:
                int start = 0;
                int along = y.IndexOf(position)[concatenate.Axis];
                int input = 0;
                for (; along >= start + operation.Inputs[input].Shape[concatenate.Axis]; input++)
                    start += operation.Inputs[input].Shape[concatenate.Axis];
                return (input, Moved(y, operation.Inputs[input].Shape, concatenate.Axis, position, -start));
            default:
                return (0, position);
        }
    }

    // The same element where one axis was cut or lengthened; −1 where it was cut off.
    private static int Moved(Shape from, Shape to, int axis, int position, int shift)
    {
        int[] index = from.IndexOf(position);
        index[axis] += shift;
        return index[axis] >= 0 && index[axis] < to[axis] ? to.Offset(index) : -1;
    }
}

using System.Globalization;
using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>Where a replay takes another branch than the recording: a ReLU's or an absolute value's sign, which element is the largest.</summary>
internal static class BranchChanges
{
    /// <summary>One line for each operation; those whose recorded input was left out cannot be compared.</summary>
    public static IReadOnlyList<string> Of(ForwardReplay replay)
    {
        List<string> changes = [];
        foreach (RecordedOperation operation in replay.Recording.Operations)
        {
            if (Deciding(operation) is not { Values.IsComplete: true } deciding)
                continue;
            double[] recorded = deciding.Values.Tensor.ToDoubles();
            double[] replayed = replay.ValuesOf(deciding).ToDoubles();
            int[] before = Branches(operation, recorded);
            int[] after = Branches(operation, replayed);
            int[] different = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
            if (different.Length == 0)
                continue;
            int first = different[0];
            changes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: {different.Length} of {before.Length} elements, first {ElementText.Index(deciding.Shape, first)}: "
                + $"{recorded[first]:G6} recorded, {replayed[first]:G6} in {replay.DTypeOf(deciding)}"));
        }

        return changes;
    }

    // The tensor whose elements say which branch was taken; null for an operation without branches. Of an activated linear map it
    // is the output, for the sum before the ReLU is not kept.
    private static RecordedTensor? Deciding(RecordedOperation operation) => operation switch
    {
        { Kind: "Relu" or "Abs" or "Max" } => operation.Inputs[0],
        { Kind: "ActivatedLinear", Attributes: ActivatedLinearAttributes { Function: ActivationFunction.Relu } } => operation.Output,
        _ => null,
    };

    // A number for each element: two elements with one number are treated alike.
    private static int[] Branches(RecordedOperation operation, double[] x) => operation.Kind switch
    {
        "Relu" or "ActivatedLinear" => [.. x.Select(value => value > 0 ? 1 : 0)],
        "Abs" => [.. x.Select(value => double.IsNaN(value) ? 2 : Math.Sign(value))],
        _ => Largest(operation.Inputs[0].Shape, (ReductionAttributes)operation.Attributes!, x),
    };

    // 1 where an element is a largest of its slice.
    private static int[] Largest(Shape shape, ReductionAttributes axes, double[] x)
    {
        int outer = shape.CountBetween(0, axes.FirstAxis);
        int reduced = shape.CountBetween(axes.FirstAxis, axes.EndAxis);
        int inner = shape.CountBetween(axes.EndAxis, shape.Rank);
        int[] isLargest = new int[x.Length];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int start = (o * reduced * inner) + i;
                double largest = double.NegativeInfinity;
                for (int j = 0; j < reduced; j++)
                    largest = Math.Max(largest, x[start + (j * inner)]);
                for (int j = 0; j < reduced; j++)
                    isLargest[start + (j * inner)] = x[start + (j * inner)] == largest ? 1 : 0;
            }
        }

        return isLargest;
    }
}

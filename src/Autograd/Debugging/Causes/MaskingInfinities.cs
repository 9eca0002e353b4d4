namespace Transformer.Autograd.Debugging;

/// <summary>Tells scores of −∞, which mask keys and are no fault, from every other NaN or infinity.</summary>
internal sealed class MaskingInfinities
{
    private readonly Dictionary<RecordedTensor, bool> known = [];

    /// <summary>True where a tensor holds a NaN or an infinity that is not a mask.</summary>
    public bool IsBad(RecordedTensor tensor) => !FiniteScan.IsFinite(tensor.Values) && !IsMask(tensor);

    /// <summary>The first element at fault of an operation whose output is bad.</summary>
    public int FirstBad(RecordedOperation operation)
    {
        // A masked score beside the fault is not what is looked for.
        bool hasMask = operation.Inputs.Any(IsMask);
        int fault = hasMask
            ? FiniteScan.First(operation.Output.Values, value => double.IsNaN(value) || double.IsPositiveInfinity(value))
            : -1;
        return fault >= 0 ? fault : FiniteScan.First(operation.Output.Values);
    }

    // −∞ that was given as data, and what was filled, added, moved or scaled from it.
    private bool IsMask(RecordedTensor tensor)
    {
        if (FiniteScan.IsFinite(tensor.Values))
            return false;
        if (!known.TryGetValue(tensor, out bool isMask))
            known[tensor] = isMask = HoldsOnlyMinusInfinity(tensor.Values) && ComesFromMask(tensor);
        return isMask;
    }

    private bool ComesFromMask(RecordedTensor tensor)
    {
        if (tensor.Producer is not { } producer)
            return !tensor.IsParameter && !tensor.RequiresGradient;
        bool passesOn = producer.Kind is "Where" or "Add" or "Scale" or "Divide" or "LogSoftmax"
            or "Reshape" or "Permute" or "Slice" or "Concatenate" or "Gather";
        RecordedTensor[] infinite = [.. producer.Inputs.Where(input => !FiniteScan.IsFinite(input.Values))];
        return passesOn && infinite.Length > 0 && Array.TrueForAll(infinite, IsMask) && !MadeMore(producer);
    }

    // An element of −∞ of which no part was −∞ is an overflow.
    private static bool MadeMore(RecordedOperation operation)
    {
        if (operation.Kind is not ("Add" or "Scale" or "Divide") || !operation.Output.Values.IsComplete)
            return false;
        for (int i = 0; i < operation.Output.Values.Count; i++)
        {
            if (double.IsFinite(operation.Output.Values.ValueAt(i)))
                continue;
            int place = i;
            bool given = Enumerable.Range(0, operation.Inputs.Count).Any(input => double.IsNegativeInfinity(PairTerms.Value(operation, input, place)));
            if (!given)
                return true;
        }

        return false;
    }

    // Where the values were left out, their count of NaN must do.
    private static bool HoldsOnlyMinusInfinity(RecordedValues values) =>
        values.Statistics.NaNs == 0 && (!values.IsComplete || FiniteScan.First(values, double.IsPositiveInfinity) < 0);
}

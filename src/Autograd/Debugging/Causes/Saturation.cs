namespace Transformer.Autograd.Debugging;

/// <summary>Functions whose derivative is next to 0 because their input is far out.</summary>
internal static class Saturation
{
    // A derivative below this share of its largest value counts as tiny.
    private const double Tiny = 0.01;

    // GELU's derivative crosses 0 at −0.75, where it is not saturated; from here down it stays under 0.012.
    internal const double GeluLimit = -3;

    /// <summary>The cause where the operation is saturated at an element; null where it is not.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="input">Which input.</param>
    /// <param name="position">Which element of it.</param>
    /// <param name="output">Through which element of the output.</param>
    public static Cause? Find(RecordedOperation operation, int input, int position, int output) => OperationTerms.KindOf(operation) switch
    {
        "Tanh" => Curve(operation, position, "tanh", y => 1 - (y * y), 1, "1 - y²"),
        "Sigmoid" => Curve(operation, position, "sigmoid", y => y * (1 - y), 0.25, "y (1 - y)"),
        "Gelu" or "GeluTanh" when operation.Inputs[0].Values.ValueAt(position) < GeluLimit => new Cause(
            "saturated GELU",
            $"the input {WhyText.Valued(operation.Inputs[0], position)} is below {WhyText.Number(GeluLimit)}, where output and derivative are near 0 "
            + $"(y = {WhyText.Number(operation.Output.Values.ValueAt(position))})",
            operation),
        "ActivatedLinear" => ActivatedCauses.Saturated(operation, output),
        "Softmax" => MaskCauses.OnlyKey(operation, position) ?? Softmax(operation, position),
        "ScaledDotProductAttention" => Attention(operation, input, position, output),
        _ => null,
    };

    private static Cause? Curve(RecordedOperation operation, int position, string name, Func<double, double> derivative, double largest, string formula)
    {
        double y = operation.Output.Values.ValueAt(position);
        return !(derivative(y) < Tiny * largest) ? null : new Cause(
            $"saturated {name}",
            $"{name}({WhyText.Number(operation.Inputs[0].Values.ValueAt(position))}) = {WhyText.Number(y)} at {WhyText.Element(operation.Inputs[0], position)}: "
            + $"the derivative {formula} is {WhyText.Number(derivative(y))}, at most {WhyText.Number(largest)} elsewhere",
            operation);
    }

    private static Cause? Softmax(RecordedOperation operation, int position)
    {
        RecordedValues y = operation.Output.Values;
        int width = y.Shape[-1];
        double[] row = [.. Enumerable.Range(position / width * width, width).Select(y.ValueAt)];
        return Row(operation, row, position % width, WhyText.Element(operation.Output, position));
    }

    private static Cause? Attention(RecordedOperation operation, int input, int position, int output)
    {
        AttentionReading a = new(operation);
        (int role, int batch, int token, int channel) = a.Locate(input, position);
        if (role == AttentionReading.Value)
            return null;
        int head = channel / a.HeadSize;
        int target = output / a.ModelSize % a.Targets;
        int allowed = Enumerable.Range(0, a.Sources).Count(s => a.MayAttend(batch, head, target, s));
        double[] row = [.. Enumerable.Range(0, a.Sources).Select(s => a.Weight(batch, head, target, s))];
        return allowed < 2 ? null : Row(
            operation, row, role == AttentionReading.Key ? token : Elements.Largest(row),
            $"the weight of head {head}, sentence {batch}, target {target}, source {(role == AttentionReading.Key ? token : Elements.Largest(row))}");
    }

    // A row is saturated where one entry holds nearly all of it; a small weight among many of its like is not.
    private static Cause? Row(RecordedOperation operation, double[] row, int own, string name)
    {
        double largest = row.Max();
        double derivative = row[own] * (1 - row[own]);
        return row.Length < 2 || largest < 1 - Tiny || derivative >= Tiny ? null : new Cause(
            "saturated softmax",
            $"{name} is {WhyText.Number(row[own])} in a row whose largest weight is {WhyText.Number(largest)}: "
            + $"y (1 - y) is {WhyText.Number(derivative)}, at most 0.25 elsewhere",
            operation);
    }
}

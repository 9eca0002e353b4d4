using Transformer.Autograd.Debugging;

namespace Transformer.Testing;

/// <summary>Everything that a recording holds as lines of text, numbers as their bits: equal recordings give equal lines.</summary>
public static class RecordingBits
{
    public static IReadOnlyList<string> Of(Recording recording) =>
    [
        .. recording.Tensors.Select(tensor => string.Join(
            " | ", tensor.Id, tensor, tensor.Version, tensor.EarlierVersion?.Id, tensor.RequiresGradient, tensor.IsParameter,
            tensor.DetachedFrom?.Id, tensor.Producer?.Number, Bits(tensor.Values), Bits(tensor.GradientBefore))),
        .. recording.Operations.Select(operation => string.Join(
            " | ", operation, operation.ModuleKind, operation.UserLine, operation.LayerLine, operation.IsOnTape, operation.Attributes,
            string.Join(" ", operation.Inputs.Select(input => input.Id)), operation.Output.Id,
            string.Join(" ", operation.Saved.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Key + Bits(entry.Value))))),
        .. recording.Timeline.Select(entry => string.Join(
            " | ", entry, entry.Tensor.Id, entry.Pass, entry.Operation?.Number, Bits(entry.Gradient),
            string.Join(" ", entry.Contributions.Select(c => $"{c.Input.Id} {c.InputPosition} {Bits(c.Values)}")))),
        .. recording.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key}={fact.Value}"),
        .. recording.Words.Select(words => words.Key + string.Join(",", words.Value.SelectMany(sentence => sentence))),
    ];

    private static string Bits(RecordedValues? values)
    {
        if (values is null)
            return "none";
        if (!values.IsComplete)
            return $"{values.Shape} left out";
        return $"{values.Shape} {values.DType} " + string.Join(
            " ", Enumerable.Range(0, values.Count).Select(i => BitConverter.DoubleToInt64Bits(values.ValueAt(i)).ToString("x", null)));
    }
}

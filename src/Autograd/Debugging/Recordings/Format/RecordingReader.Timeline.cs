using System.Globalization;
using System.Text.Json;

namespace Transformer.Autograd.Debugging;

/// <content>Events: each may only follow what it needs.</content>
internal sealed partial class RecordingReader
{
    // Operations that have run forward, and backward passes that have begun, up to here.
    private int forward;
    private int passes;

    private TimelineEvent ReadEvent(JsonFields fields)
    {
        TimelineEventKind kind = EventKinds.Parse(fields.Text("kind"), fields.Where);
        TimelineEvent entry = kind switch
        {
            TimelineEventKind.Forward => ReadForward(fields),
            TimelineEventKind.BackwardStart => ReadStart(fields),
            TimelineEventKind.Backward => ReadBackward(fields),
            _ => new TimelineEvent(timeline.Count + 1, kind) { Tensor = Tensor(fields, "tensor") },
        };
        StrictJson.Require(
            entry.Tensor.Producer is null || entry.Tensor.Producer.Number <= forward, fields.Where, $"is of {entry.Tensor.Label} before it is computed");
        fields.End();
        return entry;
    }

    private TimelineEvent ReadForward(JsonFields fields)
    {
        forward++;
        int number = fields.Number("operation", 1, operations.Count);
        StrictJson.Require(
            number == forward, fields.Where, string.Create(CultureInfo.InvariantCulture, $"runs operation {number} where {forward} is next"));
        RecordedOperation operation = operations[number - 1];
        return new TimelineEvent(timeline.Count + 1, TimelineEventKind.Forward) { Operation = operation, Tensor = operation.Output };
    }

    private TimelineEvent ReadStart(JsonFields fields)
    {
        RecordedTensor tensor = Tensor(fields, "tensor");
        passes++;
        return new TimelineEvent(timeline.Count + 1, TimelineEventKind.BackwardStart)
        {
            Tensor = tensor,
            Pass = fields.Number("pass", passes, passes),
            Gradient = Values(fields.Element("gradient"), $"{fields.Where}.gradient", tensor.Shape, tensor.DType),
        };
    }

    private TimelineEvent ReadBackward(JsonFields fields)
    {
        RecordedOperation operation = operations[fields.Number("operation", 1, forward) - 1];
        StrictJson.Require(operation.IsOnTape, fields.Where, $"goes backward through {operation}, which is not on the tape");
        RecordedTensor output = operation.Output;
        List<Contribution> contributions = [];
        foreach ((JsonElement item, string where) in fields.List("contributions"))
        {
            JsonFields contribution = new(item, where);
            int position = contribution.Number("input", 0, operation.Inputs.Count - 1);
            // An operation from outside the library may have asked twice, and the engine added both.
            StrictJson.Require(
                !OperationCatalogue.Makers.ContainsKey(operation.Kind) || !contributions.Exists(other => other.InputPosition == position),
                where, "contributes to an input a second time");
            RecordedTensor input = operation.Inputs[position];
            contributions.Add(new Contribution(
                input, position, Values(contribution.Element("values"), $"{where}.values", input.Shape, input.DType)));
            contribution.End();
        }

        return new TimelineEvent(timeline.Count + 1, TimelineEventKind.Backward)
        {
            Operation = operation,
            Tensor = output,
            Pass = fields.Number("pass", 1, passes),
            Gradient = Values(fields.Element("gradient"), $"{fields.Where}.gradient", output.Shape, output.DType),
            Contributions = contributions,
        };
    }
}

namespace Transformer.Autograd.Debugging;

/// <content>Tensors and operations.</content>
internal sealed partial class RecordingReader
{
    private RecordedTensor ReadTensor(JsonFields fields)
    {
        Shape shape = fields.Shape("shape");
        DType dtype = fields.DType("dtype");
        RecordedTensor? earlier = fields.Has("earlier_version") ? Tensor(fields, "earlier_version") : null;
        StrictJson.Require(earlier is null || earlier.Shape.Equals(shape), fields.Where, "has another shape than before its edit");
        RecordedTensor tensor = new(
            tensors.Count, fields.Text("name"), shape, dtype, Values(fields.Element("values"), $"{fields.Where}.values", shape, dtype))
        {
            Version = fields.Number("version", 1, int.MaxValue),
            EarlierVersion = earlier,
            RequiresGradient = fields.Flag("requires_gradient"),
            IsParameter = fields.Flag("parameter"),
            // A tensor of before: so there is no circle.
            DetachedFrom = fields.Has("detached_from") ? Tensor(fields, "detached_from") : null,
            GradientBefore = fields.Has("gradient_before")
                ? Values(fields.Element("gradient_before"), $"{fields.Where}.gradient_before", shape, dtype)
                : null,
        };
        fields.End();
        return tensor;
    }

    private RecordedOperation ReadOperation(JsonFields fields)
    {
        string kind = fields.Text("kind");
        StrictJson.Require(kind.Length > 0, fields.Where, "has no kind");
        RecordedTensor[] inputs =
            [.. fields.List("inputs").Select(input => tensors[StrictJson.Number(input.Item, input.Where, 0, tensors.Count - 1)])];
        RecordedTensor output = Tensor(fields, "output");
        StrictJson.Require(output.Producer is null, fields.Where, $"computes {output.Label}, which {output.Producer} has computed");
        StrictJson.Require(output.DetachedFrom is null, fields.Where, "computes a detached copy");
        StrictJson.Require(
            inputs.Length > 0 && Array.TrueForAll(inputs, input => input.DType == output.DType), fields.Where, "has inputs and output of several dtypes");
        object? attributes = fields.Has("attributes") ? AttributeCodec.Read(fields.Object("attributes"), shared) : null;
        Dictionary<string, RecordedValues> saved = [];
        JsonFields savedFields = fields.Object("saved");
        foreach (string name in savedFields.Unread.ToArray())
            saved[name] = Values(savedFields.Element(name), $"{savedFields.Where}.{name}", shape: null, output.DType);
        RecordedOperation operation = new(operations.Count + 1, kind, inputs, output, attributes)
        {
            Saved = saved,
            Module = fields.Text("module"),
            ModuleKind = fields.Text("module_kind"),
            UserLine = Line(fields, "user_line"),
            LayerLine = Line(fields, "layer_line"),
            IsOnTape = fields.Flag("on_tape"),
        };
        fields.End();
        OperationCheck.Check(operation, fields.Where);
        output.Producer = operation;
        return operation;
    }

    // Tensors are numbered in order of first appearance, but an operation's inputs must have been computed before it, whatever their numbers.
    private void CheckOrder()
    {
        foreach (RecordedOperation operation in operations)
        {
            foreach (RecordedTensor input in operation.Inputs)
            {
                StrictJson.Require(
                    input.Producer is null || input.Producer.Number < operation.Number, $"its operation {operation}",
                    $"reads {input.Label} before it is computed");
            }
        }
    }
}

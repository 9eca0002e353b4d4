namespace Transformer.Autograd.Debugging;

/// <summary>
/// Whether an operation of a file could have been: attributes of its kind's class, and of its inputs' shapes the output's
/// shape, as the operation itself says. Operations from outside the library are taken as they are.
/// </summary>
internal static class OperationCheck
{
    /// <exception cref="InvalidDataException">It could not.</exception>
    public static void Check(RecordedOperation operation, string where)
    {
        if (!OperationCatalogue.Makers.ContainsKey(operation.Kind))
            return;
        StrictJson.Require(
            operation.Attributes?.GetType() == AttributeCodec.TypeOf(operation.Kind), where,
            $"is a {operation.Kind} with attributes of another kind of operation");
        Shape shape = OutputShape(operation, where);
        StrictJson.Require(shape.Equals(operation.Output.Shape), where, $"is a {operation.Kind} whose output is {shape}, not {operation.Output.Shape}");
        StrictJson.Require(AttributesFit(operation), where, $"is a {operation.Kind} with attributes that lie outside its input {operation.Inputs[0].Shape}");
        foreach ((string name, RecordedValues values) in operation.Saved)
        {
            Shape? expected = SavedShape(operation, name);
            StrictJson.Require(
                expected is null || values.Shape.Equals(expected), where, $"is a {operation.Kind} whose {name} is {expected}, not {values.Shape}");
        }
    }

    // Made again from tensors without memory: shapes are all that is asked for.
    private static Shape OutputShape(RecordedOperation operation, string where)
    {
        List<Tensor> inputs = [.. operation.Inputs.Select(input => new Tensor(input.Shape, input.DType, Storage.Allocate(input.DType, 0)))];
        try
        {
            Operation made = OperationCatalogue.Make(operation.Kind, inputs, operation.Attributes);
            StrictJson.Require(made.Inputs.Count == inputs.Count, where, $"is a {operation.Kind} with {inputs.Count} inputs");
            return made.ShapeOfOutput;
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"{where} cannot be: {exception.Message}", exception);
        }
    }

    // What shapes do not tell.
    private static bool AttributesFit(RecordedOperation operation)
    {
        Shape first = operation.Inputs[0].Shape;
        return operation.Attributes switch
        {
            ReductionAttributes reduction => reduction.EndAxis <= first.Rank,
            VarianceAttributes variance => variance.Reduction.EndAxis <= first.Rank,
            // A table without columns is not read.
            GatherAttributes gather => first[1] == 0 || AllWithin(gather.Rows.Values, first[0], except: null),
            TokenEmbeddingAttributes rows => operation.Output.Shape.ElementCount == 0
                || (AllWithin(rows.Tokens.Values, first[0], except: null) && AllWithin(rows.Positions.Values, operation.Inputs[1].Shape[0], except: null)),
            CrossEntropyAttributes loss => loss.LabelSmoothing is >= 0 and <= 1 && AllWithin(loss.Targets.Values, Classes(operation), loss.IgnoredTarget),
            _ => true,
        };
    }

    // The last axis of the logits, or the rows of the matrix that makes them.
    private static int Classes(RecordedOperation operation) =>
        operation.Inputs.Count == 1 ? operation.Inputs[0].Shape[-1] : operation.Inputs[1].Shape[0];

    private static bool AllWithin(ReadOnlySpan<int> values, int count, int? except)
    {
        foreach (int value in values)
        {
            if ((value < 0 || value >= count) && value != except)
                return false;
        }

        return true;
    }

    // Null where anything goes.
    private static Shape? SavedShape(RecordedOperation operation, string name) => (operation.Attributes, name) switch
    {
        (LayerNormAttributes or ResidualLayerNormAttributes, "mean" or "inverseDeviation") => [.. operation.Output.Shape.Take(operation.Output.Shape.Rank - 1)],
        (CrossEntropyAttributes loss, "logSumExp") => loss.Targets.Shape,
        (CrossEntropyAttributes, "gradientOfX") => operation.Inputs[0].Shape,
        (CrossEntropyAttributes, "gradientOfWeight") => operation.Inputs[1].Shape,
        (CrossEntropyAttributes, "gradientOfBias") => operation.Inputs[^1].Shape,
        (VarianceAttributes, "mean") or (ResidualLayerNormAttributes or ActivatedLinearAttributes, "sum") => operation.Output.Shape,
        (not AttentionAttributes, "mask") when DropoutAttributes.In(operation.Attributes) is not null => operation.Output.Shape,
        (AttentionAttributes attention, "maximum" or "inverse") => [operation.Output.Shape[0], attention.HeadCount, operation.Output.Shape[1]],
        (AttentionAttributes attention, "weights" or "mask") =>
            [operation.Output.Shape[0], attention.HeadCount, operation.Output.Shape[1], operation.Inputs[^1].Shape[1]],
        _ => null,
    };
}

namespace Transformer.Autograd.Files;

/// <summary>The tensors of a file fill its data exactly: from its first byte to its last, no hole, no overlap.</summary>
internal static class TensorLayout
{
    /// <summary>Checks every size and place.</summary>
    /// <returns>The tensors in the order of their data.</returns>
    /// <exception cref="InvalidDataException">Something does not fit; the message says which tensor and why.</exception>
    internal static List<TensorPlace> Check(IEnumerable<TensorPlace> tensors, long dataLength)
    {
        // A tensor without elements takes the empty place [x, x) and comes before the one that starts at x.
        List<TensorPlace> ordered = [.. tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End)];
        var filled = 0L;
        foreach (var tensor in ordered)
        {
            var name = $"tensor {SafetensorsFormat.Quote(tensor.Name)}";
            if (tensor.End < tensor.Begin)
            {
                throw new InvalidDataException($"{name} ends at byte {tensor.End}, before its beginning at {tensor.Begin}");
            }

            if (tensor.End > dataLength)
            {
                throw new InvalidDataException($"{name} ends at byte {tensor.End} of the data, which has {dataLength}");
            }

            if (tensor.Begin != filled)
            {
                throw new InvalidDataException(tensor.Begin < filled
                    ? $"{name} begins at byte {tensor.Begin}, inside the tensor before it"
                    : $"no tensor fills the bytes from {filled} to {tensor.Begin} before {name}");
            }

            CheckSize(tensor, name);
            filled = tensor.End;
        }

        return filled == dataLength
            ? ordered
            : throw new InvalidDataException($"its tensors take {filled} bytes and {dataLength} are there");
    }

    private static void CheckSize(TensorPlace tensor, string name)
    {
        long bytes;
        try
        {
            bytes = ElementTypes.ByteCount(tensor.Type, tensor.Shape);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{name} {exception.Message}", exception);
        }

        if (bytes != tensor.End - tensor.Begin)
        {
            throw new InvalidDataException(
                $"{name} has {tensor.End - tensor.Begin} bytes where its shape {ElementTypes.Text(tensor.Shape)} of {tensor.Type.Name()} takes {bytes}");
        }

        if (bytes > Array.MaxLength)
        {
            throw new InvalidDataException($"{name} has {bytes} bytes; more than {Array.MaxLength} in one tensor cannot be read");
        }
    }
}

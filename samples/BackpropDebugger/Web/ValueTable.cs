using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// Numbers every set of values of a recording, so that the page can ask for one by a number. A gradient that consists of
/// one contribution is the same object in the recording, and so the same number here.
/// </summary>
internal sealed class ValueTable
{
    private readonly List<RecordedValues> all = [];
    private readonly Dictionary<RecordedValues, int> numbers = new(ReferenceEqualityComparer.Instance);

    public ValueTable(Recording recording)
    {
        foreach (RecordedTensor tensor in recording.Tensors)
        {
            Add(tensor.Values);
            Add(tensor.GradientBefore);
        }

        foreach (RecordedOperation operation in recording.Operations)
        {
            foreach (RecordedValues saved in operation.Saved.Values)
                Add(saved);
        }

        foreach (TimelineEvent entry in recording.Timeline)
        {
            Add(entry.Gradient);
            foreach (Contribution contribution in entry.Contributions)
                Add(contribution.Values);
        }
    }

    /// <summary>By number, from 0.</summary>
    public IReadOnlyList<RecordedValues> All => all;

    /// <summary>The number of a set of values; −1 for none.</summary>
    public int NumberOf(RecordedValues? values) => values is null ? -1 : numbers[values];

    /// <summary>The elements as bytes, little-endian as JavaScript's typed arrays want them on all machines that browsers run on.</summary>
    /// <exception cref="ValuesLeftOutException">The values were left out.</exception>
    public static byte[] BytesOf(RecordedValues values)
    {
        byte[] bytes = new byte[values.Count * ElementSize(values)];
        for (int i = 0; i < values.Count; i++)
        {
            Span<byte> element = bytes.AsSpan(i * ElementSize(values));
            if (values.DType == Autograd.DType.Float64)
                System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(element, values.ValueAt(i));
            else
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(element, (float)values.ValueAt(i));
        }

        return bytes;
    }

    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(RecordedValues values) => values.DType == Autograd.DType.Float64 ? 8 : 4;

    private void Add(RecordedValues? values)
    {
        if (values is not null && numbers.TryAdd(values, all.Count))
            all.Add(values);
    }
}

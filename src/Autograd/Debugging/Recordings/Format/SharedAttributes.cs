using System.Globalization;
using System.Text.Json;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// Masks and indices, which are large and which many operations share: each is written once and named by its number. A mask's
/// bits are packed, element i in bit i mod 8 (from the lowest) of byte i / 8, and written in base64; of one that keeps packed
/// sequences apart the sequences' lengths are written.
/// </summary>
internal sealed class SharedAttributes
{
    private readonly List<Mask> masks = [];
    private readonly List<Indices> indices = [];
    private readonly Dictionary<object, int> numbers = new(ReferenceEqualityComparer.Instance);

    public SharedAttributes()
    {
    }

    /// <summary>Reads the two lists of a file.</summary>
    public SharedAttributes(JsonFields graph)
    {
        masks = [.. graph.List("masks").Select(entry => ReadMask(new JsonFields(entry.Item, entry.Where)))];
        indices = [.. graph.List("indices").Select(entry => ReadIndices(new JsonFields(entry.Item, entry.Where)))];
    }

    /// <summary>About how many bytes they take in a file.</summary>
    public long ByteCount => masks.Sum(mask => mask.Blocks is var (targets, _) ? targets.Count * 8L : mask.Values.Length / 6L) + indices.Sum(list => list.Values.Length * 4L);

    public int Number(Mask mask) => Number(mask, masks);

    public int Number(Indices list) => Number(list, indices);

    public Mask Mask(JsonFields fields, string name) => masks[fields.Number(name, 0, masks.Count - 1)];

    public Indices Indices(JsonFields fields, string name) => indices[fields.Number(name, 0, indices.Count - 1)];

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("masks");
        foreach (Mask mask in masks)
        {
            json.WriteStartObject();
            ValuesJson.WriteShape(json, "shape", mask.Shape);
            if (mask.Blocks is var (targets, sources))
            {
                WriteLengths(json, "targets", targets);
                WriteLengths(json, "sources", sources);
            }
            else
            {
                json.WriteBase64String("bits", Packed(mask.Values));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("indices");
        foreach (Indices list in indices)
        {
            json.WriteStartObject();
            ValuesJson.WriteShape(json, "shape", list.Shape);
            json.WriteStartArray("values");
            foreach (int value in list.Values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private int Number<T>(T item, List<T> list)
        where T : class
    {
        if (!numbers.TryGetValue(item, out int number))
        {
            numbers[item] = number = list.Count;
            list.Add(item);
        }

        return number;
    }

    private static byte[] Packed(ReadOnlySpan<bool> values)
    {
        byte[] bits = new byte[(values.Length + 7L) / 8];
        for (int i = 0; i < values.Length; i++)
            bits[i / 8] |= (byte)(values[i] ? 1 << (i % 8) : 0);
        return bits;
    }

    private static Mask ReadMask(JsonFields fields)
    {
        Shape shape = fields.Shape("shape");
        if (fields.Has("targets"))
            return ReadWithin(fields, shape);
        JsonElement text = fields.Element("bits");
        byte[] bits = [];
        bool isBase64 = text.ValueKind == JsonValueKind.String && text.TryGetBytesFromBase64(out bits!);
        fields.End();
        // Before anything of the shape's size is made: the shape may be a lie.
        bool fits = isBase64 && bits.Length == (shape.ElementCount + 7L) / 8
            && (shape.ElementCount % 8 == 0 || bits[^1] >> (shape.ElementCount % 8) == 0);
        StrictJson.Require(fits, fields.Where, string.Create(CultureInfo.InvariantCulture, $"has no {shape.ElementCount} bits for its shape {shape}"));
        bool[] values = new bool[shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (bits[i / 8] >> (i % 8) & 1) != 0;
        return new Mask(values, shape);
    }

    private static void WriteLengths(Utf8JsonWriter json, string name, Sequences sequences)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < sequences.Count; i++)
            json.WriteNumberValue(sequences.Length(i));
        json.WriteEndArray();
    }

    private static Mask ReadWithin(JsonFields fields, Shape shape)
    {
        int[] targets = Lengths(fields, "targets");
        int[] sources = Lengths(fields, "sources");
        fields.End();
        // Sums first: the lengths may be a lie, and masks hold no more than a tensor can.
        bool fits = targets.Length == sources.Length && shape.Rank == 4 && shape[0] == 1 && shape[1] == 1
            && shape[2] == targets.Sum(length => (long)length) && shape[3] == sources.Sum(length => (long)length);
        StrictJson.Require(
            fits, fields.Where,
            string.Create(CultureInfo.InvariantCulture, $"has lengths of {targets.Length} and {sources.Length} sequences that do not make its shape {shape}"));
        return Autograd.Mask.Within(new Sequences(targets), new Sequences(sources));
    }

    private static int[] Lengths(JsonFields fields, string name) =>
        [.. fields.List(name).Select(length => StrictJson.Number(length.Item, length.Where, 0, int.MaxValue))];

    private static Indices ReadIndices(JsonFields fields)
    {
        Shape shape = fields.Shape("shape");
        int[] values = [.. fields.List("values").Select(value => StrictJson.Number(value.Item, value.Where, int.MinValue, int.MaxValue))];
        fields.End();
        StrictJson.Require(
            values.Length == shape.ElementCount, fields.Where,
            string.Create(CultureInfo.InvariantCulture, $"has {values.Length} values for its shape {shape}"));
        return new Indices(values, shape);
    }
}

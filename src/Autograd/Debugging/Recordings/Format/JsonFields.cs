using System.Text.Json;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// An object of a recording's JSON, read strictly: every field is of its type and within its bounds, and none is left over.
/// Whatever is wrong is an <see cref="InvalidDataException"/> that says where.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement element;
    private readonly HashSet<string> unread = new(StringComparer.Ordinal);

    public JsonFields(JsonElement element, string where)
    {
        this.element = element;
        Where = where;
        StrictJson.Require(element.ValueKind == JsonValueKind.Object, where, "is not an object");
        foreach (JsonProperty property in element.EnumerateObject())
            unread.Add(StrictJson.NameOf(property, where));
    }

    /// <summary>The object, for messages.</summary>
    public string Where { get; }

    /// <summary>The names of all fields that were not read yet.</summary>
    public IEnumerable<string> Unread => unread;

    public bool Has(string name) => unread.Contains(name);

    public JsonElement Element(string name)
    {
        StrictJson.Require(unread.Remove(name), Where, $"has no field {name}");
        return element.GetProperty(name);
    }

    public string Text(string name) => StrictJson.Text(Element(name), $"{Where}.{name}");

    public int Number(string name, int from, int to) => StrictJson.Number(Element(name), $"{Where}.{name}", from, to);

    public double Real(string name) => StrictJson.Real(Element(name), $"{Where}.{name}");

    public bool Flag(string name)
    {
        JsonElement value = Element(name);
        StrictJson.Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{Where}.{name}", "is neither true nor false");
        return value.GetBoolean();
    }

    public JsonFields Object(string name) => new(Element(name), $"{Where}.{name}");

    public IReadOnlyList<(JsonElement Item, string Where)> List(string name) => StrictJson.List(Element(name), $"{Where}.{name}");

    /// <summary>Any shape that a tensor can have.</summary>
    public Shape Shape(string name)
    {
        int[] sizes = [.. List(name).Select(size => StrictJson.Number(size.Item, size.Where, 0, int.MaxValue))];
        try
        {
            return Autograd.Shape.Create(sizes);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{Where}.{name}: {exception.Message}", exception);
        }
    }

    public DType DType(string name) => Text(name) switch
    {
        "F32" => Autograd.DType.Float32,
        "F64" => Autograd.DType.Float64,
        var other => throw new InvalidDataException($"{Where}.{name} is '{other}', neither F32 nor F64"),
    };

    /// <summary>Refuses fields that nobody asked for.</summary>
    public void End() => StrictJson.Require(unread.Count == 0, Where, $"has an unknown field {unread.FirstOrDefault()}");
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Transformer.Testing;

/// <summary>PyTorch's results, read from the JSON files beside this one; README.md there says what is in them.</summary>
public static class References
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>All cases of one topic by their name.</summary>
    /// <param name="topic">The file's name without <c>.json</c>, such as <c>multi_head_attention</c>.</param>
    public static IReadOnlyDictionary<string, ReferenceCase> Load(string topic)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "References", topic + ".json");
        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize<Dictionary<string, ReferenceCase>>(file, Options)
            ?? throw new InvalidDataException($"{path} holds no cases");
    }
}

/// <summary>One call to PyTorch: its settings, its inputs and what came out.</summary>
public sealed record ReferenceCase(
    [property: JsonRequired] IReadOnlyDictionary<string, JsonElement> Attributes,
    [property: JsonRequired] IReadOnlyDictionary<string, ReferenceTensor> Tensors)
{
    private const string GradientPrefix = "gradient:";

    /// <summary>A tensor by its name, such as <c>x</c>, <c>output</c> or <c>encoder.norm.bias</c>.</summary>
    public ReferenceTensor this[string name] => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"no tensor {name}; there are {string.Join(", ", Tensors.Keys)}");

    /// <summary>∂L/∂(that tensor).</summary>
    public ReferenceTensor Gradient(string name) => this[GradientPrefix + name];

    /// <summary>Names of the inputs and parameters whose gradient is known, in the order of the file.</summary>
    public IEnumerable<string> Leaves => Tensors.Keys
        .Where(name => name.StartsWith(GradientPrefix, StringComparison.Ordinal))
        .Select(name => name[GradientPrefix.Length..])
        .Where(name => name != "output" && Tensors.ContainsKey(name));

    public bool Has(string name) => Tensors.ContainsKey(name);

    public double Number(string attribute) => Attributes[attribute].GetDouble();

    public int Integer(string attribute) => Attributes[attribute].GetInt32();

    public int[] Integers(string attribute) => [.. Attributes[attribute].EnumerateArray().Select(element => element.GetInt32())];

    public bool Flag(string attribute) => Attributes[attribute].GetBoolean();

    public string Text(string attribute) => Attributes[attribute].GetString()!;
}

/// <summary>A tensor of double values, row-major; masks and ids are whole numbers.</summary>
public sealed record ReferenceTensor([property: JsonRequired] int[] Shape, [property: JsonRequired] double[] Values)
{
    /// <summary>The values of a tensor of ids.</summary>
    public int[] Integers => [.. Values.Select(value => (int)value)];

    /// <summary>The values of a mask: true = may attend.</summary>
    public bool[] Mask => [.. Values.Select(value => value != 0)];
}

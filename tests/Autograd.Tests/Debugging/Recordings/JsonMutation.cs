using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autograd.Tests.Debugging;

/// <summary>Changes to a JSON document that leave it JSON.</summary>
internal static class JsonMutation
{
    private static readonly string[] Odd =
    [
        "null", "true", "-1", "0", "1", "2", "3", "1e400", "2147483648", "-2147483649", "18446744073709551616", "0.5", "\"\"", "\"x\"",
        "\"NaN\"", "[]", "{}", "[0]", "[[0]]", "\"F64\"", "\"backward\"", "\"Softmax\"", "\"#1\"",
    ];

    /// <summary>Replaces, removes, repeats or swaps something, anywhere.</summary>
    public static void Change(JsonObject root, Random random)
    {
        List<JsonNode> containers = [.. Containers(root).Where(node => Count(node) > 0)];
        JsonNode container = containers[random.Next(containers.Count)];
        int index = random.Next(Count(container));
        int other = random.Next(Count(container));
        JsonNode? here = Get(container, index)?.DeepClone();
        switch (random.Next(5))
        {
            case 0:
                Remove(container, index);
                break;
            case 1:
                JsonNode? there = Get(container, other)?.DeepClone();
                Put(container, index, there);
                Put(container, other, here);
                break;
            case 2 when container is JsonArray list:
                list.Insert(other, here);
                break;
            case 3 when here is JsonValue value && value.GetValueKind() == JsonValueKind.Number:
                Put(container, index, JsonValue.Create(random.Next(-2, 12)));
                break;
            default:
                Put(container, index, JsonNode.Parse(Odd[random.Next(Odd.Length)]));
                break;
        }
    }

    /// <summary>Puts a value at a path; null takes away what is there.</summary>
    public static void Set(JsonNode node, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length > 1)
        {
            Set(node is JsonArray array ? array[Index(path[0])]! : node[path[0]]!, path[1..], value);
            return;
        }

        switch (node, value)
        {
            case (JsonArray array, null):
                array.RemoveAt(Index(path[0]));
                break;
            case (JsonArray array, _):
                array[Index(path[0])] = value;
                break;
            case (JsonObject fields, null):
                fields.Remove(path[0]);
                break;
            default:
                node[path[0]] = value;
                break;
        }
    }

    private static int Index(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<JsonNode> Containers(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node is JsonObject fields ? fields.Select(field => field.Value) : ((JsonArray)node);
        return [node, .. children.Where(child => child is JsonObject or JsonArray).SelectMany(child => Containers(child!))];
    }

    private static int Count(JsonNode node) => node is JsonObject fields ? fields.Count : ((JsonArray)node).Count;

    private static JsonNode? Get(JsonNode node, int index) => node is JsonObject fields ? fields.GetAt(index).Value : ((JsonArray)node)[index];

    private static void Put(JsonNode node, int index, JsonNode? value)
    {
        if (node is JsonObject fields)
            fields.SetAt(index, value);
        else
            ((JsonArray)node)[index] = value;
    }

    private static void Remove(JsonNode node, int index)
    {
        if (node is JsonObject fields)
            fields.RemoveAt(index);
        else
            ((JsonArray)node).RemoveAt(index);
    }
}

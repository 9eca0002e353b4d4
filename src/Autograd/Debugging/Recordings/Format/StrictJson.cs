using System.Globalization;
using System.Text.Json;

namespace Transformer.Autograd.Debugging;

/// <summary>Single values of a recording's JSON. Numbers that JSON lacks are texts: NaN, Infinity, -Infinity.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The whole text; no key twice in any object.</summary>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static JsonDocument Parse(string text, string what)
    {
        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{what} is not valid JSON: {exception.Message}", exception);
        }
    }

    public static void Require(bool condition, string where, string reason)
    {
        if (!condition)
            throw new InvalidDataException($"{where} {reason}");
    }

    public static string Text(JsonElement element, string where)
    {
        Require(element.ValueKind == JsonValueKind.String, where, "is not a text");
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            // An escape such as \uD800 that names half of a surrogate pair.
            throw new InvalidDataException($"{where} is not a valid text", exception);
        }
    }

    public static string NameOf(JsonProperty property, string where)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException($"{where} has a field whose name is not a valid text", exception);
        }
    }

    public static int Number(JsonElement element, string where, int from, int to)
    {
        int number = 0;
        bool isNumber = element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out number) && number >= from && number <= to;
        Require(isNumber, where, string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {from} to {to}"));
        return number;
    }

    public static double Real(JsonElement element, string where)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number))
            return number;
        return element.ValueKind == JsonValueKind.String
            ? Text(element, where) switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => throw new InvalidDataException($"{where} is not a number"),
            }
            : throw new InvalidDataException($"{where} is not a number");
    }

    /// <summary>Shortest digits that give the same double again.</summary>
    public static void WriteReal(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    public static IReadOnlyList<(JsonElement Item, string Where)> List(JsonElement element, string where)
    {
        Require(element.ValueKind == JsonValueKind.Array, where, "is not a list");
        return [.. element.EnumerateArray().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{where}[{i}]")))];
    }
}

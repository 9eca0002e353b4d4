using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Transformer.Samples.Translate.Output;

/// <summary>A result for programs: one object on one line, which is to be the last of standard output.</summary>
internal static class JsonLine
{
    /// <summary>Prints texts, numbers and lists of objects under their names; what is missing or not finite is null.</summary>
    public static void Write(params (string Name, object? Value)[] fields)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteObject(json, fields);
        }

        Console.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void WriteObject(Utf8JsonWriter json, (string Name, object? Value)[] fields)
    {
        json.WriteStartObject();
        foreach ((string name, object? value) in fields)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case IEnumerable<(string Name, object? Value)[]> objects:
                json.WriteStartArray();
                foreach ((string Name, object? Value)[] entry in objects)
                    WriteObject(json, entry);
                json.WriteEndArray();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double or null:
                json.WriteNullValue();
                break;
            default:
                throw new ArgumentException($"no way to write a {value.GetType().Name}", nameof(value));
        }
    }
}

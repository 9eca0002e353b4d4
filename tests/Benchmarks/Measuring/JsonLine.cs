using System.Text.Json;
using System.Text.Json.Serialization;

namespace Benchmarks.Measuring;

/// <summary>A result as one line of JSON, names in camel case; always the last line of the output.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Settings = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new SixDigits() },
    };

    public static void Write<T>(T result) => Console.WriteLine(Text(result));

    public static string Text<T>(T result) => JsonSerializer.Serialize(result, Settings);

    public static T Read<T>(string line) =>
        JsonSerializer.Deserialize<T>(line, Settings) ?? throw new JsonException("The line is null.");

    // More digits than that no measurement has.
    private sealed class SixDigits : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("G6", System.Globalization.CultureInfo.InvariantCulture));
    }
}

using System.Globalization;
using System.Text.Json;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>Short forms for writing the page's JSON.</summary>
internal static class JsonWriting
{
    /// <summary>An array with an item for each element.</summary>
    public static void WriteArray<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
            write(item);
        json.WriteEndArray();
    }

    /// <summary>An array of texts.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, params ReadOnlySpan<string> texts)
    {
        json.WriteStartArray();
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>A number with all its digits; NaN and ∞, which JSON has no numbers for, as text that JavaScript's Number reads.</summary>
    public static void WriteDouble(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc cref="WriteDouble(Utf8JsonWriter, double)"/>
    public static void WriteDouble(this Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        json.WriteDouble(value);
    }
}

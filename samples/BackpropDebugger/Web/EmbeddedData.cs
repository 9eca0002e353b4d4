using System.Text;
using System.Text.Json;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>What a self-contained file has in place of a server: the values and the answers, within limits that the page tells.</summary>
internal static class EmbeddedData
{
    /// <summary>Sets of values with more elements than this are left out.</summary>
    private const int LargestValues = 1 << 16;

    /// <summary>Bytes of values in a file; the largest sets are left out first.</summary>
    private const long MostBytes = 24L << 20;

    /// <summary>JSON: the values as base64 by number, null where left out; the answers by path; what was left out.</summary>
    public static string Write(Recording recording, ValueTable values)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            int leftOut = WriteValues(json, values);
            json.WriteNumber("leftOut", leftOut);
            json.WriteNumber("largestValues", LargestValues);
            EmbeddedAnswers answers = new(recording);
            json.WriteBoolean("isSmall", answers.IsSmall);
            json.WriteStartObject("answers");
            foreach ((string path, byte[] answer) in answers.All())
            {
                json.WritePropertyName(path);
                json.WriteRawValue(answer);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static int WriteValues(Utf8JsonWriter json, ValueTable values)
    {
        HashSet<RecordedValues> kept = new(ReferenceEqualityComparer.Instance);
        long bytes = 0;
        foreach (RecordedValues item in values.All.Where(item => item.IsComplete && item.Count <= LargestValues).OrderBy(item => item.Count))
        {
            bytes += (long)item.Count * ValueTable.ElementSize(item);
            if (bytes <= MostBytes)
                kept.Add(item);
        }

        // A reshaped tensor has the same bytes as the one it shares its memory with: a number stands for "as that one".
        Dictionary<string, int> first = [];
        json.WriteStartArray("values");
        for (int i = 0; i < values.All.Count; i++)
        {
            if (!kept.Contains(values.All[i]))
            {
                json.WriteNullValue();
                continue;
            }

            string text = Convert.ToBase64String(ValueTable.BytesOf(values.All[i]));
            if (first.TryGetValue(text, out int same))
            {
                json.WriteNumberValue(same);
            }
            else
            {
                first[text] = i;
                json.WriteStringValue(text);
            }
        }

        json.WriteEndArray();
        return values.All.Count - kept.Count;
    }
}

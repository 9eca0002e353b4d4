using System.Text.Json;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// What the page knows from the start, as JSON: operations, tensors, timeline, and of every set of values its shape and
/// statistics. The values themselves are fetched when they are looked at.
/// </summary>
internal static class PageModel
{
    /// <summary>The model of a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="values">Numbers its values.</param>
    /// <param name="title">What stands above the page.</param>
    /// <param name="text">The case's own text; may be empty.</param>
    /// <param name="place">Which recording of a session this is; null for the only one.</param>
    public static byte[] Write(Recording recording, ValueTable values, string title, string text, PagePlace? place = null)
    {
        place ??= PagePlace.Itself;
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("title", title);
            json.WriteString("text", text);
            json.WriteNumber("view", place.View);
            json.WriteString("note", place.Note);
            json.WriteString("leave", place.Leave);
            json.WriteNumber("loss", recording.Loss?.Id ?? -1);
            json.WriteArray("nonFinite", Stops.NonFinite(recording), json.WriteNumberValue);
            json.WriteArray("facts", recording.Facts, fact => json.WriteStrings(fact.Key, fact.Value));
            WriteWords(json, recording);
            json.WriteArray("values", values.All, item => WriteValues(json, item));
            json.WriteArray("tensors", recording.Tensors, tensor => WriteTensor(json, tensor, values));
            json.WriteArray("operations", recording.Operations, operation => WriteOperation(json, operation, values));
            json.WriteArray("timeline", recording.Timeline, entry => WriteEvent(json, entry, values));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteWords(Utf8JsonWriter json, Recording recording)
    {
        json.WriteStartObject("words");
        foreach ((string axis, IReadOnlyList<IReadOnlyList<string>> sentences) in recording.Words)
            json.WriteArray(axis, sentences, sentence => json.WriteStrings([.. sentence]));
        json.WriteEndObject();
    }

    private static void WriteValues(Utf8JsonWriter json, RecordedValues item)
    {
        TensorStatistics statistics = item.Statistics;
        json.WriteStartObject();
        json.WriteArray("shape", item.Shape, json.WriteNumberValue);
        json.WriteString("dtype", item.DType.ToString());
        json.WriteBoolean("complete", item.IsComplete);
        json.WriteArray(
            "statistics",
            [statistics.Min, statistics.Max, statistics.Mean, statistics.Norm, statistics.Zeros, statistics.NaNs, statistics.Infinities],
            json.WriteDouble);
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, RecordedTensor tensor, ValueTable values)
    {
        json.WriteStartObject();
        json.WriteString("label", tensor.Label);
        json.WriteString("name", tensor.Name);
        json.WriteNumber("version", tensor.Version);
        json.WriteNumber("holder", HolderOf(tensor).Id);
        json.WriteNumber("producer", tensor.Producer?.Number ?? 0);
        json.WriteNumber("values", values.NumberOf(tensor.Values));
        json.WriteNumber("gradientBefore", values.NumberOf(tensor.GradientBefore));
        json.WriteBoolean("requiresGradient", tensor.RequiresGradient);
        json.WriteBoolean("isParameter", tensor.IsParameter);
        json.WriteNumber("detachedFrom", tensor.DetachedFrom?.Id ?? -1);
        json.WriteEndObject();
    }

    // A computed tensor that was edited has one gradient with what was computed: Recording.GradientOf has the same rule.
    private static RecordedTensor HolderOf(RecordedTensor tensor)
    {
        RecordedTensor first = tensor;
        while (first.EarlierVersion is { } earlier)
            first = earlier;
        return first.Producer is null ? tensor : first;
    }

    private static void WriteOperation(Utf8JsonWriter json, RecordedOperation operation, ValueTable values)
    {
        json.WriteStartObject();
        json.WriteString("kind", operation.Kind);
        json.WriteArray("inputs", operation.Inputs, input => json.WriteNumberValue(input.Id));
        json.WriteNumber("output", operation.Output.Id);
        json.WriteString("attributes", operation.Attributes is { } attributes ? AttributeText.Of(attributes) : string.Empty);
        json.WriteString("module", operation.Module);
        json.WriteString("moduleKind", operation.ModuleKind);
        json.WriteBoolean("isOnTape", operation.IsOnTape);
        WriteFrame(json, "userLine", operation.UserLine);
        WriteFrame(json, "layerLine", operation.LayerLine);
        json.WriteArray("saved", operation.Saved, saved =>
        {
            json.WriteStartObject();
            json.WriteString("name", saved.Key);
            json.WriteNumber("values", values.NumberOf(saved.Value));
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteFrame(Utf8JsonWriter json, string name, SourceFrame? frame)
    {
        if (frame is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("place", frame.ToString());
        json.WriteString("method", frame.Method);
        json.WriteString("text", frame.Text);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, TimelineEvent entry, ValueTable values)
    {
        json.WriteStartObject();
        json.WriteString("kind", entry.Kind.ToString());
        json.WriteNumber("operation", entry.Operation?.Number ?? 0);
        json.WriteNumber("tensor", entry.Tensor.Id);
        json.WriteNumber("pass", entry.Pass);
        json.WriteNumber("gradient", values.NumberOf(entry.Gradient));
        json.WriteArray("contributions", entry.Contributions, contribution =>
        {
            json.WriteStartObject();
            json.WriteNumber("input", contribution.Input.Id);
            json.WriteNumber("place", contribution.InputPosition);
            json.WriteNumber("values", values.NumberOf(contribution.Values));
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Transformer.Autograd.Debugging;

/// <content>The graph as JSON.</content>
internal sealed partial class RecordingContent
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string Graph()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            WriteTexts(json);
            json.WriteStartArray("tensors");
            foreach (RecordedTensor tensor in recording.Tensors)
                WriteTensor(json, tensor);
            json.WriteEndArray();
            json.WriteStartArray("operations");
            foreach (RecordedOperation operation in recording.Operations)
                WriteOperation(json, operation);
            json.WriteEndArray();
            json.WriteStartArray("timeline");
            foreach (TimelineEvent entry in recording.Timeline)
                WriteEvent(json, entry);
            json.WriteEndArray();
            WriteFrames(json);
            shared.Write(json);
            ValuesJson.Write(json, names);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteTexts(Utf8JsonWriter json)
    {
        json.WriteStartObject("facts");
        foreach ((string name, string text) in recording.Facts)
            json.WriteString(name, text);
        json.WriteEndObject();
        json.WriteStartObject("words");
        foreach ((string axis, IReadOnlyList<IReadOnlyList<string>> sentences) in recording.Words)
        {
            json.WriteStartArray(axis);
            foreach (IReadOnlyList<string> sentence in sentences)
            {
                json.WriteStartArray();
                foreach (string word in sentence)
                    json.WriteStringValue(word);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteTensor(Utf8JsonWriter json, RecordedTensor tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteNumber("version", tensor.Version);
        ValuesJson.Write(json, tensor.Shape, tensor.DType);
        json.WriteString("values", names.Of(tensor.Values, string.Empty));
        json.WriteBoolean("requires_gradient", tensor.RequiresGradient);
        json.WriteBoolean("parameter", tensor.IsParameter);
        if (tensor.EarlierVersion is { } earlier)
            json.WriteNumber("earlier_version", earlier.Id);
        if (tensor.DetachedFrom is { } from)
            json.WriteNumber("detached_from", from.Id);
        if (tensor.GradientBefore is { } before)
            json.WriteString("gradient_before", names.Of(before, string.Empty));
        json.WriteEndObject();
    }

    private void WriteOperation(Utf8JsonWriter json, RecordedOperation operation)
    {
        json.WriteStartObject();
        json.WriteString("kind", operation.Kind);
        json.WriteStartArray("inputs");
        foreach (RecordedTensor input in operation.Inputs)
            json.WriteNumberValue(input.Id);
        json.WriteEndArray();
        json.WriteNumber("output", operation.Output.Id);
        if (operation.Attributes is { } attributes)
        {
            json.WritePropertyName("attributes");
            AttributeCodec.Write(json, attributes, shared);
        }

        json.WriteStartObject("saved");
        foreach ((string name, RecordedValues values) in operation.Saved)
            json.WriteString(name, names.Of(values, string.Empty));
        json.WriteEndObject();
        json.WriteString("module", operation.Module);
        json.WriteString("module_kind", operation.ModuleKind);
        WriteLine(json, "user_line", operation.UserLine);
        WriteLine(json, "layer_line", operation.LayerLine);
        json.WriteBoolean("on_tape", operation.IsOnTape);
        json.WriteEndObject();
    }

    private void WriteLine(Utf8JsonWriter json, string name, SourceFrame? frame)
    {
        if (frame is null)
            return;
        if (!frameNumbers.TryGetValue(frame, out int number))
        {
            frameNumbers[frame] = number = frames.Count;
            frames.Add(frame);
        }

        json.WriteNumber(name, number);
    }

    private void WriteEvent(Utf8JsonWriter json, TimelineEvent entry)
    {
        json.WriteStartObject();
        json.WriteString("kind", EventKinds.Name(entry.Kind));
        if (entry.Operation is { } operation)
            json.WriteNumber("operation", operation.Number);
        else
            json.WriteNumber("tensor", entry.Tensor.Id);
        if (entry.Pass > 0)
            json.WriteNumber("pass", entry.Pass);
        if (entry.Gradient is { } gradient)
            json.WriteString("gradient", names.Of(gradient, string.Empty));
        if (entry.Kind == TimelineEventKind.Backward)
        {
            json.WriteStartArray("contributions");
            foreach (Contribution contribution in entry.Contributions)
            {
                json.WriteStartObject();
                json.WriteNumber("input", contribution.InputPosition);
                json.WriteString("values", names.Of(contribution.Values, string.Empty));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteFrames(Utf8JsonWriter json)
    {
        json.WriteStartArray("frames");
        foreach (SourceFrame frame in frames)
        {
            json.WriteStartObject();
            json.WriteString("file", frame.File);
            json.WriteNumber("line", frame.Line);
            json.WriteString("method", frame.Method);
            json.WriteString("text", frame.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

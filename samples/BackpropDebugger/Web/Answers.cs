using System.Globalization;
using System.Text.Json;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// What the page may ask of a recording, by a path: <c>explain/forward/12/5</c>. The server answers when it is asked; a
/// self-contained file holds the answers under the same paths.
/// </summary>
/// <param name="recording">The recording.</param>
internal sealed class Answers(Recording recording)
{
    /// <summary>How an operation computed an element of its output.</summary>
    public static string ForwardPath(RecordedOperation operation, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"explain/forward/{operation.Number}/{position}");

    /// <summary>How a backward event computed an element of its contribution to one input.</summary>
    public static string BackwardPath(TimelineEvent entry, int inputPosition, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"explain/backward/{entry.Number}/{inputPosition}/{position}");

    /// <summary>Why an element's gradient is what it is after some events.</summary>
    public static string WhyGradientPath(RecordedTensor tensor, int position, int events) =>
        string.Create(CultureInfo.InvariantCulture, $"why/gradient/{tensor.Id}/{position}/{events}");

    /// <summary>Why an element has its value.</summary>
    public static string WhyValuePath(RecordedTensor tensor, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"why/value/{tensor.Id}/{position}");

    /// <summary>Where the first number that is none came from.</summary>
    public const string WhyNonFinitePath = "why/nonfinite";

    /// <summary>The finite difference at an element.</summary>
    public static string DifferencePath(RecordedTensor tensor, int position) =>
        string.Create(CultureInfo.InvariantCulture, $"difference/gradient/{tensor.Id}/{position}");

    /// <summary>The answer as JSON, null where the path asks for nothing that there is.</summary>
    /// <remarks>An answer that cannot be given (values were left out, …) is an object with the one member <c>error</c>.</remarks>
    public byte[]? Find(string path)
    {
        string[] parts = path.Split('/');
        int[] numbers = [.. parts.Skip(2).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)];
        return (parts[0], parts.ElementAtOrDefault(1), numbers) switch
        {
            ("explain", "forward", [int number, int position]) when Operation(number) is { } operation && IsIn(operation.Output, position) =>
                Try(json => Write(json, Formula.OfForward(recording, operation, position))),
            ("explain", "backward", [int number, int place, int position])
                when Event(number) is { Kind: TimelineEventKind.Backward, Operation: { } operation } entry
                    && place >= 0 && place < operation.Inputs.Count && IsIn(operation.Inputs[place], position) =>
                Try(json => Write(json, Formula.OfBackward(recording, entry, place, position))),
            ("why", "gradient", [int id, int position, int events]) when Tensor(id) is { } tensor && IsIn(tensor, position) && events >= 0 =>
                Try(json => Write(json, Why.OfGradient(recording, tensor, position, events))),
            ("why", "value", [int id, int position]) when Tensor(id) is { } tensor && IsIn(tensor, position) =>
                Try(json => Write(json, Why.OfValue(recording, tensor, position))),
            ("why", "nonfinite", []) => Try(json => Write(json, Why.OfNonFinite(recording))),
            ("difference", "gradient", [int id, int position]) when Tensor(id) is { } tensor && IsIn(tensor, position) =>
                Try(json => Write(json, FiniteDifference.Check(recording, tensor, position))),
            _ => null,
        };
    }

    private static bool IsIn(RecordedTensor tensor, int position) => position >= 0 && position < tensor.Shape.ElementCount;

    private RecordedOperation? Operation(int number) => recording.Operations.ElementAtOrDefault(number - 1);

    private TimelineEvent? Event(int number) => recording.Timeline.ElementAtOrDefault(number - 1);

    private RecordedTensor? Tensor(int id) => recording.Tensors.ElementAtOrDefault(id);

    /// <summary>What is written, as a JSON object; where that fails, an object with the one member <c>error</c>.</summary>
    public static byte[] Try(Action<Utf8JsonWriter> write)
    {
        try
        {
            return Json(write);
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException or NotImplementedException or ArgumentException)
        {
            return Json(json => json.WriteString("error", exception.Message));
        }
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteString("general", explanation.General);
        json.WriteString("line", explanation.Line);
        json.WriteDouble("value", explanation.Value);
    }

    private static void Write(Utf8JsonWriter json, WhyReport report)
    {
        json.WriteString("question", report.Question);
        json.WriteArray("steps", [.. report.Steps, .. report.Spread], step =>
        {
            json.WriteStartObject();
            json.WriteNumber("event", step.Event);
            json.WriteNumber("tensor", step.Tensor.Id);
            json.WriteNumber("position", step.Position);
            json.WriteDouble("amount", step.Amount);
            json.WriteDouble("share", step.Share);
            json.WriteString("text", step.Text);
            json.WriteEndObject();
        });
        json.WriteArray("causes", report.Causes, cause =>
        {
            json.WriteStartObject();
            json.WriteString("name", cause.Name);
            json.WriteString("text", cause.Text);
            json.WriteNumber("operation", cause.Operation?.Number ?? 0);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, FiniteDifferenceReport report)
    {
        json.WriteDouble("recorded", report.Recorded);
        json.WriteDouble("replayed", report.Replayed);
        json.WriteDouble("difference", report.Difference);
        json.WriteDouble("leftSlope", report.LeftSlope);
        json.WriteDouble("rightSlope", report.RightSlope);
        json.WriteBoolean("hasKink", report.HasKink);
        json.WriteDouble("relativeError", report.RelativeError);
        json.WriteBoolean("agrees", report.Agrees);
        json.WriteArray("branchChanges", report.BranchChanges, json.WriteStringValue);
        json.WriteArray("curve", report.Curve, point =>
        {
            json.WriteStartArray();
            json.WriteDouble(point.Step);
            json.WriteDouble(point.Difference);
            json.WriteEndArray();
        });
    }
}

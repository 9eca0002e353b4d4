using System.Text.Json;
using Transformer.Autograd.Files;

namespace Transformer.Autograd.Debugging;

/// <summary>What a file says of numbers that are no tensor of their own: views, and what was left out.</summary>
internal static class ValuesJson
{
    public static void Write(Utf8JsonWriter json, Shape shape, DType dtype)
    {
        WriteShape(json, "shape", shape);
        json.WriteString("dtype", dtype == DType.Float32 ? "F32" : "F64");
    }

    public static void WriteShape(Utf8JsonWriter json, string name, Shape shape)
    {
        json.WriteStartArray(name);
        foreach (int size in shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, ValueNames names)
    {
        json.WriteStartObject("views");
        foreach ((string name, RecordedValues values, string of) in names.Views)
        {
            json.WriteStartObject(name);
            json.WriteString("of", of);
            WriteShape(json, "shape", values.Shape);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("left_out");
        foreach ((string name, RecordedValues values) in names.LeftOut)
        {
            json.WriteStartObject(name);
            Write(json, values.Shape, values.DType);
            Write(json, values.Statistics);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>One tensor of the file.</summary>
    public static RecordedValues Read(SafetensorsEntry entry)
    {
        string where = $"tensor {SafetensorsFormat.Quote(entry.Name)}";
        StrictJson.Require(entry.Type is ElementType.Float32 or ElementType.Float64, where, $"is {entry.Type}, neither Float32 nor Float64");
        StrictJson.Require(entry.Shape.All(size => size <= Array.MaxLength), where, "has too large a shape");
        Shape shape = Shape.Create([.. entry.Shape.Select(size => (int)size)]);
        return new RecordedValues(entry.Type == ElementType.Float32
            ? Tensor.Wrap(entry.Values<float>().ToArray(), shape)
            : Tensor.Wrap(entry.Values<double>().ToArray(), shape));
    }

    /// <summary>What was left out.</summary>
    public static RecordedValues ReadLeftOut(JsonFields fields)
    {
        Shape shape = fields.Shape("shape");
        DType dtype = fields.DType("dtype");
        int count = shape.ElementCount;
        TensorStatistics statistics = new(
            count, fields.Real("min"), fields.Real("max"), fields.Real("mean"), fields.Real("norm"),
            fields.Number("zeros", 0, count), fields.Number("nans", 0, count), fields.Number("infinities", 0, count));
        fields.End();
        long finite = count - (long)statistics.NaNs - statistics.Infinities;
        bool agree = finite >= statistics.Zeros && statistics.Norm >= 0 && (finite > 0
            ? double.IsFinite(statistics.Min) && double.IsFinite(statistics.Max) && statistics.Min <= statistics.Max
            : double.IsNaN(statistics.Min) && double.IsNaN(statistics.Max) && double.IsNaN(statistics.Mean));
        StrictJson.Require(agree, fields.Where, "has statistics that contradict each other");
        return new RecordedValues(shape, dtype, statistics);
    }

    private static void Write(Utf8JsonWriter json, TensorStatistics statistics)
    {
        json.WriteReal("min", statistics.Min);
        json.WriteReal("max", statistics.Max);
        json.WriteReal("mean", statistics.Mean);
        json.WriteReal("norm", statistics.Norm);
        json.WriteNumber("zeros", statistics.Zeros);
        json.WriteNumber("nans", statistics.NaNs);
        json.WriteNumber("infinities", statistics.Infinities);
    }
}

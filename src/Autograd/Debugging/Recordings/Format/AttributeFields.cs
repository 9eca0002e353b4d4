using System.Text.Json;
using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>The attributes that take more than a line: see <see cref="AttributeCodec"/>.</summary>
internal static class AttributeFields
{
    // A tensor of more axes does not occur; the bound keeps sums of axes small.
    private const int MostAxes = 1000;

    public static void Write(Utf8JsonWriter json, ReductionAttributes attributes)
    {
        json.WriteNumber("first_axis", attributes.FirstAxis);
        json.WriteNumber("end_axis", attributes.EndAxis);
        json.WriteBoolean("keep_axes", attributes.KeepAxes);
    }

    public static ReductionAttributes ReadReduction(JsonFields json)
    {
        int end = json.Number("end_axis", 0, MostAxes);
        return new ReductionAttributes(json.Number("first_axis", 0, end), end, json.Flag("keep_axes"));
    }

    public static void Write(Utf8JsonWriter json, PermuteAttributes attributes)
    {
        json.WriteStartArray("axes");
        foreach (int axis in attributes.Axes)
            json.WriteNumberValue(axis);
        json.WriteEndArray();
    }

    public static PermuteAttributes ReadPermute(JsonFields json) =>
        new([.. json.List("axes").Select(axis => StrictJson.Number(axis.Item, axis.Where, 0, MostAxes))]);

    public static void Write(Utf8JsonWriter json, CrossEntropyAttributes attributes, SharedAttributes shared)
    {
        json.WriteNumber("targets", shared.Number(attributes.Targets));
        json.WriteReal("label_smoothing", attributes.LabelSmoothing);
        if (attributes.IgnoredTarget is { } ignored)
            json.WriteNumber("ignored_target", ignored);
    }

    public static CrossEntropyAttributes ReadCrossEntropy(JsonFields json, SharedAttributes shared) => new(
        shared.Indices(json, "targets"), json.Real("label_smoothing"),
        json.Has("ignored_target") ? json.Number("ignored_target", int.MinValue, int.MaxValue) : null);

    public static void Write(Utf8JsonWriter json, TokenEmbeddingAttributes attributes, SharedAttributes shared)
    {
        json.WriteNumber("tokens", shared.Number(attributes.Tokens));
        json.WriteNumber("positions", shared.Number(attributes.Positions));
        json.WriteReal("scale", attributes.Scale);
        json.WriteNumber("padding_row", attributes.PaddingRow);
        WriteDropout(json, attributes.Dropout.Rate, attributes.Dropout.Key);
    }

    public static TokenEmbeddingAttributes ReadEmbedding(JsonFields json, SharedAttributes shared) => new(
        shared.Indices(json, "tokens"), shared.Indices(json, "positions"), json.Real("scale"),
        json.Number("padding_row", int.MinValue, int.MaxValue), ReadDropout(json));

    public static void Write(Utf8JsonWriter json, AttentionAttributes attributes, SharedAttributes shared)
    {
        json.WriteNumber("head_count", attributes.HeadCount);
        if (attributes.Mask is { } mask)
            json.WriteNumber("mask", shared.Number(mask));
        json.WriteBoolean("causal", attributes.Causal);
        WriteDropout(json, attributes.DropoutRate, attributes.DropoutKey);
    }

    public static AttentionAttributes ReadAttention(JsonFields json, SharedAttributes shared) => new(
        json.Number("head_count", 1, int.MaxValue), json.Has("mask") ? shared.Mask(json, "mask") : null, json.Flag("causal"),
        ReadRate(json), ReadKey(json));

    public static void WriteDropout(Utf8JsonWriter json, double rate, RandomKey key)
    {
        json.WriteReal("rate", rate);
        json.WriteStartObject("key");
        json.WriteNumber("seed", key.Seed);
        json.WriteNumber("stream", key.Stream);
        json.WriteNumber("step", key.Step);
        json.WriteNumber("micro_batch", key.MicroBatch);
        json.WriteEndObject();
    }

    public static DropoutAttributes ReadDropout(JsonFields json) => new(ReadRate(json), ReadKey(json));

    public static ActivationFunction ReadFunction(JsonFields json)
    {
        string name = json.Text("function");
        ActivationFunction function = Array.Find(Enum.GetValues<ActivationFunction>(), known => known.ToString() == name);
        StrictJson.Require(function.ToString() == name, json.Where, $"has the unknown activation function '{name}'");
        return function;
    }

    public static double ReadRate(JsonFields json)
    {
        double rate = json.Real("rate");
        StrictJson.Require(rate is >= 0 and < 1, json.Where, "has a dropout rate that is not in [0, 1)");
        return rate;
    }

    public static RandomKey ReadKey(JsonFields json)
    {
        JsonFields key = json.Object("key");
        ulong seed = 0;
        JsonElement element = key.Element("seed");
        StrictJson.Require(
            element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out seed), key.Where, "has a seed that is not a whole number below 2^64");
        RandomKey read = new(seed, Word(key, "stream"), Word(key, "step"), Word(key, "micro_batch"));
        key.End();
        return read;
    }

    private static uint Word(JsonFields key, string name)
    {
        uint word = 0;
        JsonElement element = key.Element(name);
        StrictJson.Require(
            element.ValueKind == JsonValueKind.Number && element.TryGetUInt32(out word), $"{key.Where}.{name}", "is not a whole number below 2^32");
        return word;
    }
}

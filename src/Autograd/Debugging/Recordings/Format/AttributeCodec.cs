using System.Text.Json;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// How one class of attributes is written and read, and to which kinds of operations it belongs. A new class of attributes is
/// one row of <see cref="All"/>; a test fails without it. Attributes from outside the library are kept as text.
/// </summary>
internal sealed record AttributeCodec(
    Type Type, string[] Kinds, Action<Utf8JsonWriter, object, SharedAttributes> WriteFields, Func<JsonFields, SharedAttributes, object> ReadFields)
{
    private const string Unknown = "Unknown";

    public static IReadOnlyList<AttributeCodec> All { get; } =
    [
        Of<ScaleAttributes>(
            ["Scale"],
            (json, a, _) => json.WriteReal("factor", a.Factor),
            (json, _) => new(json.Real("factor"))),
        Of<PowerAttributes>(
            ["Power"],
            (json, a, _) => json.WriteReal("exponent", a.Exponent),
            (json, _) => new(json.Real("exponent"))),
        Of<ReductionAttributes>(["Sum", "Mean", "Max"], (json, a, _) => AttributeFields.Write(json, a), (json, _) => AttributeFields.ReadReduction(json)),
        Of<VarianceAttributes>(
            ["Variance"],
            (json, a, _) =>
            {
                AttributeFields.Write(json, a.Reduction);
                json.WriteNumber("correction", a.Correction);
            },
            (json, _) => new(AttributeFields.ReadReduction(json), json.Number("correction", int.MinValue, int.MaxValue))),
        Of<ReshapeAttributes>(
            ["Reshape"],
            (json, a, _) => ValuesJson.WriteShape(json, "shape", a.Shape),
            (json, _) => new(json.Shape("shape"))),
        Of<PermuteAttributes>(["Permute"], (json, a, _) => AttributeFields.Write(json, a), (json, _) => AttributeFields.ReadPermute(json)),
        Of<ConcatenateAttributes>(
            ["Concatenate"],
            (json, a, _) => json.WriteNumber("axis", a.Axis),
            (json, _) => new(json.Number("axis", 0, int.MaxValue))),
        Of<SliceAttributes>(
            ["Slice"],
            (json, a, _) =>
            {
                json.WriteNumber("axis", a.Axis);
                json.WriteNumber("start", a.Start);
                json.WriteNumber("length", a.Length);
            },
            (json, _) => new(
                json.Number("axis", 0, int.MaxValue), json.Number("start", 0, int.MaxValue), json.Number("length", 0, int.MaxValue))),
        Of<GatherAttributes>(
            ["Gather"],
            (json, a, shared) =>
            {
                json.WriteNumber("rows", shared.Number(a.Rows));
                json.WriteNumber("padding_row", a.PaddingRow);
            },
            (json, shared) => new(shared.Indices(json, "rows"), json.Number("padding_row", int.MinValue, int.MaxValue))),
        Of<TokenEmbeddingAttributes>(["TokenEmbedding"], AttributeFields.Write, AttributeFields.ReadEmbedding),
        Of<WhereAttributes>(
            ["Where"],
            (json, a, shared) => json.WriteNumber("condition", shared.Number(a.Condition)),
            (json, shared) => new(shared.Mask(json, "condition"))),
        Of<MatMulAttributes>(
            ["MatMul"],
            (json, a, _) =>
            {
                json.WriteBoolean("transpose_a", a.TransposeA);
                json.WriteBoolean("transpose_b", a.TransposeB);
            },
            (json, _) => new(json.Flag("transpose_a"), json.Flag("transpose_b"))),
        Of<CrossEntropyAttributes>(["CrossEntropy", "ProjectedCrossEntropy"], AttributeFields.Write, AttributeFields.ReadCrossEntropy),
        Of<LayerNormAttributes>(
            ["LayerNorm"],
            (json, a, _) => json.WriteReal("epsilon", a.Epsilon),
            (json, _) => new(json.Real("epsilon"))),
        Of<DropoutAttributes>(
            ["Dropout", "ResidualDropout"],
            (json, a, _) => AttributeFields.WriteDropout(json, a.Rate, a.Key),
            (json, _) => AttributeFields.ReadDropout(json)),
        Of<ResidualLayerNormAttributes>(
            ["ResidualLayerNorm"],
            (json, a, _) =>
            {
                json.WriteReal("epsilon", a.Epsilon);
                AttributeFields.WriteDropout(json, a.Dropout.Rate, a.Dropout.Key);
            },
            (json, _) => new(json.Real("epsilon"), AttributeFields.ReadDropout(json))),
        Of<ActivatedLinearAttributes>(
            ["ActivatedLinear"],
            (json, a, _) =>
            {
                json.WriteString("function", a.Function.ToString());
                AttributeFields.WriteDropout(json, a.Dropout.Rate, a.Dropout.Key);
            },
            (json, _) => new(AttributeFields.ReadFunction(json), AttributeFields.ReadDropout(json))),
        Of<AttentionAttributes>(["ScaledDotProductAttention"], AttributeFields.Write, AttributeFields.ReadAttention),
    ];

    private static readonly Dictionary<Type, AttributeCodec> ByType = All.ToDictionary(codec => codec.Type);
    private static readonly Dictionary<string, AttributeCodec> ByName = All.ToDictionary(codec => codec.Type.Name, StringComparer.Ordinal);
    private static readonly Dictionary<string, Type> ByKind =
        All.SelectMany(codec => codec.Kinds.Select(kind => (kind, codec.Type))).ToDictionary(StringComparer.Ordinal);

    /// <summary>The class of attributes that operations of this kind of the catalogue have; null for none.</summary>
    public static Type? TypeOf(string kind) => ByKind.GetValueOrDefault(kind);

    public static void Write(Utf8JsonWriter json, object attributes, SharedAttributes shared)
    {
        json.WriteStartObject();
        if (ByType.TryGetValue(attributes.GetType(), out AttributeCodec? codec))
        {
            json.WriteString("type", codec.Type.Name);
            codec.WriteFields(json, attributes, shared);
        }
        else
        {
            UnknownAttributes text = attributes as UnknownAttributes
                ?? new UnknownAttributes(attributes.GetType().Name, attributes.ToString() ?? string.Empty);
            json.WriteString("type", Unknown);
            json.WriteString("class", text.Class);
            json.WriteString("text", text.Text);
        }

        json.WriteEndObject();
    }

    /// <exception cref="InvalidDataException">The type is unknown, or a field is missing, too many or out of bounds.</exception>
    public static object Read(JsonFields json, SharedAttributes shared)
    {
        string type = json.Text("type");
        object attributes = type == Unknown ? new UnknownAttributes(json.Text("class"), json.Text("text"))
            : ByName.TryGetValue(type, out AttributeCodec? codec) ? codec.ReadFields(json, shared)
            : throw new InvalidDataException($"{json.Where} has the unknown type '{type}'");
        json.End();
        return attributes;
    }

    private static AttributeCodec Of<T>(string[] kinds, Action<Utf8JsonWriter, T, SharedAttributes> write, Func<JsonFields, SharedAttributes, T> read)
        where T : class =>
        new(typeof(T), kinds, (json, attributes, shared) => write(json, (T)attributes, shared), read);
}

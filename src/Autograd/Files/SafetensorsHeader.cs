using System.Text.Json;
using System.Text.Unicode;

namespace Transformer.Autograd.Files;

/// <summary>Where one tensor stands: its bytes are [Begin, End) of the file's data.</summary>
internal sealed record TensorPlace(string Name, ElementType Type, long[] Shape, long Begin, long End);

/// <summary>
/// Reads the header strictly: exactly the fields of the format, each once; whole numbers only; no key twice anywhere. Whatever is wrong
/// is an <see cref="InvalidDataException"/> with the reason; the caller knows the file's name.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The file's object, a tensor's object, its shape.</summary>
    private const int DeepestNesting = 3;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    private SafetensorsHeader()
    {
    }

    internal List<TensorPlace> Tensors { get; } = [];

    internal Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    internal static SafetensorsHeader Parse(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            throw new InvalidDataException("its header does not start with '{'");
        }

        if (!Utf8.IsValid(header))
        {
            throw new InvalidDataException("its header is not valid UTF-8");
        }

        // JSON itself would allow line breaks and tabs after the last brace; the format allows spaces.
        var json = header.TrimEnd((byte)' ');
        if (json[^1] != (byte)'}')
        {
            throw new InvalidDataException("its header does not end with '}' and spaces");
        }

        var options = new JsonReaderOptions { MaxDepth = DeepestNesting, CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false };
        var reader = new Utf8JsonReader(json, options);
        var result = new SafetensorsHeader();
        try
        {
            result.ReadFile(ref reader);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"its header is not valid JSON near byte {reader.BytesConsumed} of it", exception);
        }
        catch (InvalidOperationException exception)
        {
            // GetString: an escape such as \uD800 that names half of a surrogate pair.
            throw new InvalidDataException($"its header holds invalid text near byte {reader.BytesConsumed} of it", exception);
        }

        return result;
    }

    private void ReadFile(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (NextKey(ref reader) is { } name)
        {
            if (!names.Add(name))
            {
                throw new InvalidDataException($"its header has {SafetensorsFormat.Quote(name)} twice");
            }

            reader.Read();
            if (name == SafetensorsFormat.MetadataName)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                Tensors.Add(ReadTensor(ref reader, name));
            }
        }

        // Nothing may follow the closing brace; Read throws if something does.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType == JsonTokenType.StartObject, "its metadata is not an object");
        while (NextKey(ref reader) is { } key)
        {
            reader.Read();
            Expect(reader.TokenType == JsonTokenType.String, $"its metadata {SafetensorsFormat.Quote(key)} is not a text");
            Expect(Metadata.TryAdd(key, reader.GetString()!), $"its metadata has {SafetensorsFormat.Quote(key)} twice");
        }
    }

    private static TensorPlace ReadTensor(ref Utf8JsonReader reader, string name)
    {
        var tensor = $"tensor {SafetensorsFormat.Quote(name)}";
        Expect(reader.TokenType == JsonTokenType.StartObject, $"{tensor} is not described by an object");
        ElementType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (NextKey(ref reader) is { } field)
        {
            reader.Read();
            switch (field)
            {
                case "dtype":
                    Expect(type is null, $"{tensor} has the field dtype twice");
                    type = ReadType(ref reader, tensor);
                    break;
                case "shape":
                    Expect(shape is null, $"{tensor} has the field shape twice");
                    shape = ReadNumbers(ref reader, $"{tensor}: its shape");
                    break;
                case "data_offsets":
                    Expect(offsets is null, $"{tensor} has the field data_offsets twice");
                    offsets = ReadNumbers(ref reader, $"{tensor}: its data_offsets");
                    Expect(offsets.Length == 2, $"{tensor}: its data_offsets are not two numbers");
                    break;
                default:
                    throw new InvalidDataException($"{tensor} has an unknown field {SafetensorsFormat.Quote(field)}");
            }
        }

        return new TensorPlace(
            name,
            type ?? throw new InvalidDataException($"{tensor} has no dtype"),
            shape ?? throw new InvalidDataException($"{tensor} has no shape"),
            offsets?[0] ?? throw new InvalidDataException($"{tensor} has no data_offsets"),
            offsets[1]);
    }

    private static ElementType ReadType(ref Utf8JsonReader reader, string tensor)
    {
        Expect(reader.TokenType == JsonTokenType.String, $"{tensor}: its dtype is not a text");
        var name = reader.GetString()!;
        return ElementTypes.TryParse(name, out var type)
            ? type
            : throw new InvalidDataException($"{tensor} has an unknown dtype {SafetensorsFormat.Quote(name)}");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string what)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, $"{what} is not a list");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // Digits alone: no sign, so not even -0; no fraction and no exponent, which TryGetInt64 refuses.
            Expect(reader.TokenType == JsonTokenType.Number, $"{what} holds something that is not a number");
            Expect(
                reader.ValueSpan[0] != (byte)'-' && reader.TryGetInt64(out _),
                $"{what} holds a number that is not a whole number from 0 to 2^63 - 1");
            numbers.Add(reader.GetInt64());
        }

        return [.. numbers];
    }

    /// <summary>The next key of the object that is being read; null at its end.</summary>
    private static string? NextKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static void Expect(bool condition, string reason)
    {
        if (!condition)
        {
            throw new InvalidDataException(reason);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Transformer.Autograd;
using Transformer.Autograd.Files;
using Transformer.Layers;
using Transformer.Training.Checkpoints;
using Transformer.Training.Data;

namespace Transformer.Training;

/// <summary>
/// A translator on disk: the one file <c>model.safetensors</c>, so that one rename replaces all of it. Its tensors are the
/// parameters; its metadata hold the configuration and, as texts, the tokenizers and vocabularies of both languages.
/// </summary>
public static class TranslatorFolder
{
    /// <summary>Name of the file.</summary>
    public const string ModelFile = "model.safetensors";

    private const string ConfigurationKey = "configuration";
    private const string RunKey = "run";
    private const string StepKey = "step";

    /// <summary>Writes the file, atomically.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="translator">Model and languages.</param>
    /// <param name="origin">The training that the parameters come from, where there is one to go on with.</param>
    /// <exception cref="TensorFileException">The file cannot be written; the one before it is untouched.</exception>
    public static void Save(string folder, Translator translator, ModelOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(translator);
        Dictionary<string, string> metadata = new()
        {
            [ConfigurationKey] = JsonSerializer.Serialize(
                translator.Model.Configuration, ConfigurationJson.Default.TransformerConfiguration),
        };
        AddLanguage(metadata, "source", translator.Source);
        AddLanguage(metadata, "target", translator.Target);
        if (origin is not null)
        {
            metadata[RunKey] = origin.Run;
            metadata[StepKey] = origin.Step.ToString(CultureInfo.InvariantCulture);
        }

        SafetensorsFile.Write(Path.Combine(folder, ModelFile), ModelTensors.Entries(translator.Model), metadata);
    }

    /// <summary>Reads a translator back.</summary>
    /// <exception cref="TensorFileException">The file is missing, damaged, without its hash, or no translator.</exception>
    public static Translator Load(string folder)
    {
        SafetensorsContent file = ReadOwn(folder);
        return Build(parameters: file, surroundings: file, isForeign: false);
    }

    /// <summary>The training that a folder's parameters come from; null where the file tells of none, as after an import.</summary>
    /// <exception cref="TensorFileException">The file is missing, damaged or without its hash.</exception>
    public static ModelOrigin? ReadOrigin(string folder)
    {
        IReadOnlyDictionary<string, string> metadata = ReadOwn(folder).Metadata;
        return metadata.TryGetValue(RunKey, out string? run) && metadata.TryGetValue(StepKey, out string? text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long step)
                ? new ModelOrigin(run, step)
                : null;
    }

    /// <summary>
    /// Takes over weights that another program saved (PyTorch's, under the same keys) into a folder that training made:
    /// configuration and languages stay, the parameters are replaced. Every check but the hash is made.
    /// </summary>
    /// <exception cref="TensorFileException">
    /// The file is damaged, its tensors do not fit the configuration, or a value is not finite; nothing was written.
    /// </exception>
    public static Translator Import(string file, string folder)
    {
        Translator translator = ReadForeign(file, folder);
        Save(folder, translator);
        return translator;
    }

    /// <summary>The reading half of <see cref="Import"/>: what the folder would hold. Nothing is written.</summary>
    /// <exception cref="TensorFileException">The file is damaged, its tensors do not fit the configuration, or a value is not finite.</exception>
    public static Translator ReadForeign(string file, string folder)
    {
        SafetensorsContent foreign = SafetensorsFile.Read(file, HashRequirement.Optional);
        Translator translator = Build(foreign, ReadOwn(folder), isForeign: true);
        // Also catches a double that is too large for single precision.
        if (FiniteCheck.FirstParameter(translator.Model, parameter => parameter) is { } name)
            throw new TensorFileException(file, $"tensor {name} has a value that is not finite");
        return translator;
    }

    private static SafetensorsContent ReadOwn(string folder) =>
        SafetensorsFile.Read(Path.Combine(folder, ModelFile), HashRequirement.Required);

    private static Translator Build(SafetensorsContent parameters, SafetensorsContent surroundings, bool isForeign)
    {
        TransformerConfiguration configuration = ReadConfiguration(surroundings);
        TextEncoder source = ReadLanguage(surroundings, "source");
        TextEncoder target = ReadLanguage(surroundings, "target");
        try
        {
            TransformerModel model = new(configuration, new RandomStreams(0));
            ModelTensors.Load(parameters, model.NamedParameters().Select(named => (named.Name, (Tensor)named.Parameter)), isForeign);
            model.Evaluate();
            return new Translator(model, source, target);
        }
        catch (ArgumentException error)
        {
            throw new TensorFileException(surroundings.Path, error.Message, error);
        }
    }

    private static TransformerConfiguration ReadConfiguration(SafetensorsContent file)
    {
        try
        {
            return JsonSerializer.Deserialize(Text(file, ConfigurationKey), ConfigurationJson.Default.TransformerConfiguration)
                ?? throw new TensorFileException(file.Path, "its configuration is empty");
        }
        catch (JsonException error)
        {
            throw new TensorFileException(file.Path, $"its configuration cannot be read: {error.Message}", error);
        }
    }

    private static void AddLanguage(Dictionary<string, string> metadata, string side, TextEncoder encoder)
    {
        metadata[side + ".tokenizer"] = Written(encoder.Tokenizer.Write);
        metadata[side + ".vocabulary"] = Written(encoder.Vocabulary.Write);
    }

    private static string Written(Action<TextWriter> write)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        write(writer);
        return writer.ToString();
    }

    private static TextEncoder ReadLanguage(SafetensorsContent file, string side)
    {
        string[] Lines(string key) => Text(file, key).Split('\n') is [.. string[] lines, ""] ? lines : Text(file, key).Split('\n');
        string tokenizer = side + ".tokenizer";
        string vocabulary = side + ".vocabulary";
        try
        {
            return new TextEncoder(TokenizerFile.Read(tokenizer, Lines(tokenizer)), Vocabulary.Read(vocabulary, Lines(vocabulary)));
        }
        catch (DataFileException error)
        {
            throw new TensorFileException(file.Path, error.Message, error);
        }
    }

    private static string Text(SafetensorsContent file, string key) => file.Metadata.TryGetValue(key, out string? text)
        ? text
        : throw new TensorFileException(file.Path, $"no {key} in its metadata: this is no translator's model file");
}

/// <summary>The training that a model's parameters come from.</summary>
/// <param name="Run">Tells one run from another.</param>
/// <param name="Step">Steps done in it.</param>
public sealed record ModelOrigin(string Run, long Step);

/// <summary>How a configuration is written into metadata; generated, so that nothing is looked up by reflection.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(TransformerConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Checkpoints;
using Transformer.Training.Data;

namespace Transformer.Training;

/// <summary>
/// A translator on disk: <c>model.safetensors</c> with the parameters, and in its metadata the configuration and the
/// digests of the four language files beside it, <c>source.tokenizer</c>, <c>source.vocabulary</c>,
/// <c>target.tokenizer</c> and <c>target.vocabulary</c>.
/// </summary>
public static class TranslatorFolder
{
    /// <summary>Name of the file with the parameters.</summary>
    public const string ModelFile = "model.safetensors";

    private const string ConfigurationKey = "configuration";

    /// <summary>Writes the language files, which a model file written later refers to.</summary>
    /// <exception cref="DataFileException">A file cannot be written.</exception>
    public static void SaveLanguages(string folder, TextEncoder source, TextEncoder target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        foreach ((string side, TextEncoder encoder) in new[] { ("source", source), ("target", target) })
        {
            TokenizerFile.Save(encoder.Tokenizer, Path.Combine(folder, side + ".tokenizer"));
            encoder.Vocabulary.Save(Path.Combine(folder, side + ".vocabulary"));
        }
    }

    /// <summary>Writes the model file, atomically; the folder's language files are to be there.</summary>
    /// <exception cref="CheckpointException">The file cannot be written; the one before it is untouched.</exception>
    public static void SaveModel(string folder, TransformerModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Dictionary<string, string> metadata = LanguageFiles.ToDictionary(DigestKey, name => Digest(folder, name));
        metadata[ConfigurationKey] = JsonSerializer.Serialize(model.Configuration, ConfigurationJson.Default.TransformerConfiguration);
        SafetensorsFile.Write(Path.Combine(folder, ModelFile), ModelTensors.Entries(model), metadata);
    }

    /// <summary>Reads a folder back.</summary>
    /// <exception cref="CheckpointException">The model file is missing, damaged, without its hash, or other than the language files.</exception>
    /// <exception cref="DataFileException">A language file is missing or damaged.</exception>
    public static Translator Load(string folder)
    {
        string path = Path.Combine(folder, ModelFile);
        SafetensorsContent file = SafetensorsFile.Read(path, HashRequirement.Required);
        TransformerConfiguration configuration = ReadConfiguration(file);
        CheckLanguages(file, folder);
        return Build(file, configuration, folder, isForeign: false);
    }

    /// <summary>
    /// Takes over weights that another program saved (PyTorch's, under the same keys) into a folder that training made:
    /// its language files stay, its model file is replaced by one of the same configuration. Every check but the hash is made.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// The file is damaged, its tensors do not fit the configuration, or a value is not finite; nothing was written.
    /// </exception>
    public static Translator Import(string file, string folder)
    {
        Translator translator = ReadForeign(file, folder);
        SaveModel(folder, translator.Model);
        return translator;
    }

    /// <summary>The reading half of <see cref="Import"/>: what the folder would hold. Nothing is written.</summary>
    /// <exception cref="CheckpointException">The file is damaged, its tensors do not fit the configuration, or a value is not finite.</exception>
    public static Translator ReadForeign(string file, string folder)
    {
        SafetensorsContent content = SafetensorsFile.Read(file, HashRequirement.Optional);
        SafetensorsContent before = SafetensorsFile.Read(Path.Combine(folder, ModelFile), HashRequirement.Required);
        TransformerConfiguration configuration = ReadConfiguration(before);
        CheckLanguages(before, folder);
        Translator translator = Build(content, configuration, folder, isForeign: true);
        // Also catches a double that is too large for single precision.
        if (FiniteCheck.FirstParameter(translator.Model, parameter => parameter) is { } name)
            throw new CheckpointException(file, $"tensor {name} has a value that is not finite");
        return translator;
    }

    private static readonly string[] LanguageFiles = ["source.tokenizer", "source.vocabulary", "target.tokenizer", "target.vocabulary"];

    private static Translator Build(SafetensorsContent file, TransformerConfiguration configuration, string folder, bool isForeign)
    {
        TextEncoder Encoder(string side) => new(
            TokenizerFile.Load(Path.Combine(folder, side + ".tokenizer")), Vocabulary.Load(Path.Combine(folder, side + ".vocabulary")));

        try
        {
            TransformerModel model = new(configuration, new RandomStreams(0));
            ModelTensors.Load(file, model.NamedParameters().Select(named => (named.Name, (Tensor)named.Parameter)), isForeign);
            model.Evaluate();
            return new Translator(model, Encoder("source"), Encoder("target"));
        }
        catch (ArgumentException error)
        {
            throw new CheckpointException(file.Path, error.Message, error);
        }
    }

    private static void CheckLanguages(SafetensorsContent file, string folder)
    {
        foreach (string name in LanguageFiles)
        {
            if (!file.Metadata.TryGetValue(DigestKey(name), out string? digest) || digest != Digest(folder, name))
                throw new CheckpointException(file.Path, $"{name} beside it is not the file that this model was trained with");
        }
    }

    private static TransformerConfiguration ReadConfiguration(SafetensorsContent file)
    {
        try
        {
            return file.Metadata.TryGetValue(ConfigurationKey, out string? text)
                && JsonSerializer.Deserialize(text, ConfigurationJson.Default.TransformerConfiguration) is { } configuration
                    ? configuration
                    : throw new CheckpointException(file.Path, "no configuration in its metadata: this is no translator's model file");
        }
        catch (JsonException error)
        {
            throw new CheckpointException(file.Path, $"its configuration cannot be read: {error.Message}", error);
        }
    }

    private static string DigestKey(string name) => name + ".sha256";

    private static string Digest(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path}: cannot be read: {error.Message}", error);
        }
    }
}

/// <summary>How a configuration is written into metadata; generated, so that nothing is looked up by reflection.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(TransformerConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;

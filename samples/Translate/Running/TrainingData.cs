using System.Security.Cryptography;
using System.Text;
using Transformer.Training.Data;

namespace Transformer.Samples.Translate.Running;

/// <summary>The text of a run in numbers, with the encoders that were made from it.</summary>
internal sealed class TrainingData
{
    private TrainingData(
        TextEncoder source, TextEncoder target, EncodedCorpus training, EncodedCorpus? validation, Dictionary<string, string> digests)
    {
        Source = source;
        Target = target;
        Training = training;
        Validation = validation;
        Digests = digests;
    }

    public TextEncoder Source { get; }

    public TextEncoder Target { get; }

    public EncodedCorpus Training { get; }

    /// <summary>Null where nothing is held out.</summary>
    public EncodedCorpus? Validation { get; }

    /// <summary>What the text is, so that a resumed run can tell another text: by name, the beginning of its SHA-256.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; }

    /// <summary>Makes tokenizers and vocabularies from the training pairs and encodes both sets.</summary>
    /// <exception cref="DataFileException">No pair is short enough.</exception>
    public static TrainingData Prepare(
        IReadOnlyList<SentencePair> training, IReadOnlyList<SentencePair>? validation, RunSettings settings,
        string trainingName = "training", string validationName = "validation")
    {
        TextEncoder source = Encoder([.. training.Select(pair => pair.Source)], settings);
        TextEncoder target = Encoder([.. training.Select(pair => pair.Target)], settings);
        EncodedCorpus Encode(IReadOnlyList<SentencePair> pairs, string name) =>
            EncodedCorpus.Encode(pairs, source, target, settings.MaximumLength, name);
        Dictionary<string, string> digests = new()
        {
            ["text of --source"] = Digest(training.Select(pair => pair.Source)),
            ["text of --target"] = Digest(training.Select(pair => pair.Target)),
            ["text of --valid-source"] = validation is null ? "none" : Digest(validation.Select(pair => pair.Source)),
            ["text of --valid-target"] = validation is null ? "none" : Digest(validation.Select(pair => pair.Target)),
        };
        return new(
            source, target, Encode(training, trainingName), validation is null ? null : Encode(validation, validationName), digests);
    }

    private static TextEncoder Encoder(IReadOnlyList<string> lines, RunSettings settings)
    {
        ITokenizer tokenizer = settings.BytePairs
            ? BytePairEncoding.Learn(lines, settings.MergeCount, settings.LowerCase)
            : new WordTokenizer(settings.LowerCase);
        return new TextEncoder(tokenizer, tokenizer.BuildVocabulary(lines, settings.MinimumFrequency));
    }

    // 64 bits tell apart what is mixed up by accident, and fit into a message.
    private static string Digest(IEnumerable<string> lines)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

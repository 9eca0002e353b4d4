using System.Globalization;
using System.Text.Json;
using Transformer.Autograd;
using Transformer.Autograd.Files;
using Transformer.Layers;
using Transformer.Training.Optimizers;

namespace Transformer.Training.Checkpoints;

/// <summary>
/// A run's whole state in one file, so that one rename replaces it: the parameters under their keys, the optimizer's
/// tensors under <c>training.</c>, and position, losses and settings in the metadata.
/// </summary>
public static class TrainingCheckpoint
{
    private const string Prefix = "training.";
    private const string PositionKey = "training.position";
    private const string SettingsKey = "training.settings";
    private const string StepCountKey = "training.optimizer_steps";
    private const string TrainingLossKey = "training.losses";
    private const string ValidationLossKey = "training.validation_losses";

    /// <summary>Writes the state of a run, atomically.</summary>
    /// <param name="path">The file, replaced whole.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="position">Where the run stands.</param>
    /// <param name="history">Its losses so far.</param>
    /// <param name="settings">What a resume has to agree with, by name.</param>
    /// <param name="average">The average of the parameters, where the run keeps one.</param>
    /// <exception cref="TensorFileException">The file cannot be written; the one before it is untouched.</exception>
    public static void Save(
        string path, Module model, Optimizer optimizer, TrainingPosition position, TrainingHistory history,
        IReadOnlyDictionary<string, string> settings, MovingAverage? average = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(history);
        List<SafetensorsEntry> entries = [.. ModelTensors.Entries(model)];
        entries.AddRange(optimizer.State.Select(state => ModelTensors.Entry(Prefix + state.Name, state.Value)));
        entries.AddRange((average?.State ?? []).Select(state => ModelTensors.Entry(Prefix + state.Name, state.Value)));
        SafetensorsFile.Write(path, entries, new Dictionary<string, string>
        {
            [PositionKey] = JsonSerializer.Serialize(position, TrainingJson.Default.TrainingPosition),
            [SettingsKey] = JsonSerializer.Serialize(
                settings.ToDictionary(pair => pair.Key, pair => pair.Value), TrainingJson.Default.DictionaryStringString),
            [StepCountKey] = optimizer.StepCount.ToString(CultureInfo.InvariantCulture),
            [TrainingLossKey] = JsonSerializer.Serialize(history.Training.ToNumbers(), TrainingJson.Default.DoubleArray),
            [ValidationLossKey] = JsonSerializer.Serialize(history.Validation.ToNumbers(), TrainingJson.Default.DoubleArray),
        });
    }

    /// <summary>Reads a checkpoint back into a model and an optimizer of the same build.</summary>
    /// <returns>Where the run stands, and its losses so far.</returns>
    /// <exception cref="TensorFileException">
    /// The file is damaged, or it belongs to a run with other settings; nothing was changed.
    /// </exception>
    public static (TrainingPosition Position, TrainingHistory History) Load(
        string path, Module model, Optimizer optimizer, IReadOnlyDictionary<string, string> settings, MovingAverage? average = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        SafetensorsContent file = SafetensorsFile.Read(path, HashRequirement.Required);
        Compare(path, Parse(file, SettingsKey, text => JsonSerializer.Deserialize(text, TrainingJson.Default.DictionaryStringString)), settings);
        TrainingPosition position = Parse(file, PositionKey, text => JsonSerializer.Deserialize(text, TrainingJson.Default.TrainingPosition));
        string steps = Parse(file, StepCountKey, text => text);
        if (!long.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out long stepCount))
            throw new TensorFileException(path, $"metadata {StepCountKey} is no number");
        TrainingHistory history = new() { Training = Curve(file, TrainingLossKey), Validation = Curve(file, ValidationLossKey) };
        IEnumerable<(string, Tensor)> parameters = model.NamedParameters().Select(named => (named.Name, (Tensor)named.Parameter));
        IEnumerable<(string, Tensor)> state = optimizer.State.Select(state => (Prefix + state.Name, state.Value));
        IEnumerable<(string, Tensor)> averages = (average?.State ?? []).Select(state => (Prefix + state.Name, state.Value));
        ModelTensors.Load(file, [.. parameters, .. state, .. averages]);
        optimizer.StepCount = stepCount;
        return (position, history);
    }

    private static LossCurve Curve(SafetensorsContent file, string key) => Parse(file, key, text =>
        JsonSerializer.Deserialize(text, TrainingJson.Default.DoubleArray) is { } numbers ? LossCurve.FromNumbers(numbers) : null);

    private static T Parse<T>(SafetensorsContent file, string key, Func<string, T?> parse)
        where T : class
    {
        if (!file.Metadata.TryGetValue(key, out string? text))
            throw new TensorFileException(file.Path, $"no metadata {key}: this is no training checkpoint");
        try
        {
            return parse(text) ?? throw new TensorFileException(file.Path, $"metadata {key} is empty");
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new TensorFileException(file.Path, $"metadata {key} cannot be read: {error.Message}", error);
        }
    }

    private static void Compare(string path, Dictionary<string, string> then, IReadOnlyDictionary<string, string> now)
    {
        foreach (string name in then.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            string before = then.GetValueOrDefault(name, "not set");
            string after = now.GetValueOrDefault(name, "not set");
            if (before != after)
                throw new TensorFileException(path, $"the run was started with another {name} ({before}, now {after}); resume with the same");
        }
    }
}

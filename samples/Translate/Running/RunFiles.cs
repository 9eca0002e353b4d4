using System.Security.Cryptography;
using System.Text;
using Transformer.Autograd.Files;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Checkpoints;
using Transformer.Training.Optimizers;

namespace Transformer.Samples.Translate.Running;

/// <summary>The two files of a run: <c>checkpoint.safetensors</c> to go on from, <c>model.safetensors</c> with its best model.</summary>
/// <param name="folder">Where they are.</param>
/// <param name="settings">All that the run's parameters depend on, by name.</param>
internal sealed class RunFiles(string folder, IReadOnlyDictionary<string, string> settings)
{
    public const string CheckpointFile = "checkpoint.safetensors";

    // Two runs with the same settings on the same text are the same run: they compute the same bits.
    private readonly string run = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}")))));

    public string CheckpointPath { get; } = Path.Combine(folder, CheckpointFile);

    /// <summary>Refuses a resume where there is nothing to resume, before anything is made or read.</summary>
    /// <exception cref="UsageException">The checkpoint is not there.</exception>
    public static void DemandCheckpoint(string folder)
    {
        string path = Path.Combine(folder, CheckpointFile);
        if (!File.Exists(path))
            throw new UsageException($"{path}: no such file, and --resume goes on from it");
    }

    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public void SaveCheckpoint(Module model, Optimizer optimizer, Trainer trainer) => RunFailedException.WhileSaving(
        () => TrainingCheckpoint.Save(CheckpointPath, model, optimizer, trainer.Position, trainer.History, settings, trainer.Average));

    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public void SaveModel(Translator translator, long step) => RunFailedException.WhileSaving(
        () => TranslatorFolder.Save(folder, translator, new ModelOrigin(run, step)));

    /// <summary>Puts model, optimizer and trainer where the checkpoint is.</summary>
    /// <exception cref="TensorFileException">A file is missing, not whole, or another run's.</exception>
    public void Resume(Module model, Optimizer optimizer, Trainer trainer)
    {
        (TrainingPosition position, TrainingHistory history) = TrainingCheckpoint.Load(CheckpointPath, model, optimizer, settings, trainer.Average);
        if (position.BestStep is { } bestStep)
            DemandModel(bestStep);
        (trainer.Position, trainer.History) = (position, history);
    }

    // A run that was killed right after it had saved a better model has an older checkpoint beside it, from which it comes
    // to the same model again. So a later step will do.
    private void DemandModel(long bestStep)
    {
        string path = Path.Combine(folder, TranslatorFolder.ModelFile);
        if (!File.Exists(path))
        {
            throw new TensorFileException(
                path, $"no such file, and {CheckpointFile} goes with the best model so far, that of step {bestStep}: copy the whole folder of a run");
        }

        if (TranslatorFolder.ReadOrigin(folder) is not { } origin || origin.Run != run || origin.Step < bestStep)
        {
            throw new TensorFileException(
                path, $"is not the best model of the run in {CheckpointFile}, that of step {bestStep}: it was imported or trained in another run since");
        }
    }
}

using Transformer.Training.Data;
using Transformer.Training.Decoding;
using Transformer.Training.Recordings;

namespace Transformer.Samples.Translate.Running;

/// <summary>How far a run goes and where it saves: what a resumed run may change.</summary>
/// <param name="Folder">Where checkpoint and model are written.</param>
/// <param name="Epochs">Passes over the training pairs; null where only the time counts.</param>
/// <param name="Minutes">Training time of the whole run, resumed parts together; null for no limit.</param>
/// <param name="Patience">Epochs without a better validation loss that end the run; 0 for any number.</param>
/// <param name="SaveSteps">Steps between checkpoints within an epoch; 0 for none.</param>
/// <param name="Resume">Whether to go on from the folder's checkpoint.</param>
internal sealed record RunLimits(string Folder, int? Epochs, double? Minutes, int Patience, int SaveSteps, bool Resume)
{
    /// <summary>Which steps are recorded for the backprop debugger; null for none.</summary>
    public RecordingPlan? Recordings { get; init; }

    /// <summary>Pairs whose BLEU is reported after each epoch; null for none.</summary>
    public IReadOnlyList<SentencePair>? ScoredPairs { get; init; }

    /// <summary>How their translations are searched for.</summary>
    public SearchChoice ScoreSearch { get; init; } = new(1, BeamSearch.DefaultLengthPenalty);
}

using System.Globalization;
using Transformer.Autograd.Debugging;
using Transformer.Autograd.Files;
using Transformer.Layers;
using Transformer.Training.Data;

namespace Transformer.Training.Recordings;

/// <summary>Carries out a <see cref="RecordingPlan"/>.</summary>
/// <param name="plan">The plan.</param>
/// <param name="seed">Of the run.</param>
/// <param name="compute">Forward and backward passes of a step, to the same bits each time.</param>
/// <param name="progress">Is told of every recording.</param>
internal sealed class StepRecorder(
    RecordingPlan plan, ulong seed, Func<StepBatches, StepGradients> compute, IProgress<TrainingProgress>? progress)
{
    private StepBatches? last;
    private bool normTrapIsSprung;

    /// <summary>Computes the gradients of a step, and records it where the plan says so.</summary>
    /// <exception cref="NonFiniteException">A loss or gradient is not finite; it is recorded by then where there is a trap.</exception>
    public StepGradients Run(StepBatches step)
    {
        last = step;
        if (plan.Every > 0 && step.Number % plan.Every == 0)
            return Record(step);
        StepGradients gradients;
        try
        {
            gradients = compute(step);
        }
        catch (NonFiniteException) when (plan.TrapsNonFinite)
        {
            return Record(step);
        }

        return IsTrapped(gradients) ? Record(step) : gradients;
    }

    /// <summary>The last step left something that is not finite: its batches are recorded with the parameters as they are now.</summary>
    public void RecordAfter(NonFiniteException error)
    {
        if (!plan.TrapsNonFinite || last is null)
            return;
        using Recorder recorder = new(plan.Options);
        Describe(last, recorder);
        recorder.AddFact("parameters", "as they are after the step");
        TryCompute(last, recorder, out _);
        error.RecordingPath = Save(recorder, last, error.Place);
    }

    private StepGradients Record(StepBatches step)
    {
        using Recorder recorder = new(plan.Options);
        Describe(step, recorder);
        NonFiniteException? failure = TryCompute(step, recorder, out StepGradients gradients);
        string? trap = null;
        if (failure is not null)
        {
            trap = plan.TrapsNonFinite ? failure.Place : null;
        }
        else if (IsTrapped(gradients))
        {
            trap = $"the gradient norm {Number(gradients.Norm)} is above {Number(plan.TrapNorm!.Value)}";
            normTrapIsSprung = true;
        }

        string? path = Save(recorder, step, trap);
        if (failure is null)
            return gradients;
        failure.RecordingPath = path;
        throw failure;
    }

    private bool IsTrapped(StepGradients gradients) => !normTrapIsSprung && gradients.Norm > plan.TrapNorm;

    private void Describe(StepBatches step, Recorder recorder)
    {
        recorder.AddFact("title", $"training step {Number(step.Number)}");
        recorder.AddFact("seed", seed.ToString(CultureInfo.InvariantCulture));
        recorder.AddFact("step", Number(step.Number));
        recorder.AddFact("epoch", Number(step.Epoch));
        // The words of several batches have no place on one axis.
        if (step.Parts is [Batch batch])
        {
            AddWords(recorder, "source", batch.PackedSource, plan.Source);
            AddWords(recorder, "target", batch.PackedTargetInput, plan.Target);
            AddWords(recorder, "expected", batch.PackedTargetOutput, plan.Target);
        }
    }

    // The sentences lie on one axis of the tensors, and so do their words.
    private static void AddWords(Recorder recorder, string axis, PackedTokens sentences, Vocabulary? vocabulary)
    {
        if (vocabulary is not null)
            recorder.AddWords(axis, [[.. sentences.Tokens.Values.ToArray().Select(token => vocabulary[token])]]);
    }

    private NonFiniteException? TryCompute(StepBatches step, Recorder recorder, out StepGradients gradients)
    {
        gradients = default;
        try
        {
            gradients = compute(step);
        }
        catch (NonFiniteException error)
        {
            return error;
        }

        recorder.AddFact("loss", Number(gradients.LossSum / step.Tokens));
        recorder.AddFact("gradientNorm", Number(gradients.Norm));
        return null;
    }

    // A training is worth more than its recording: where that cannot be saved, the run goes on and the report says why.
    private string? Save(Recorder recorder, StepBatches step, string? trap)
    {
        recorder.AddFact("reason", trap ?? $"every {Number(plan.Every)} steps");
        string path = Path.Combine(plan.Folder, $"{(trap is null ? "" : "trap-")}step-{Number(step.Number)}.recording.safetensors");
        string? problem = null;
        try
        {
            Directory.CreateDirectory(plan.Folder);
            RecordingFile.Save(recorder.ToRecording(), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
        {
            // No folder can be made, or the recording is too large for one file.
            problem = (error.InnerException as TensorFileException)?.Reason ?? error.Message;
        }

        progress?.Report(new RecordingProgress(step.Number, path, trap, problem));
        return problem is null ? path : null;
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

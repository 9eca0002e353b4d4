using System.Globalization;
using Transformer.Samples.Translate.Running;
using Transformer.Training;

namespace Transformer.Samples.Translate.Output;

/// <summary>What a run says of itself, for the bar and for plain lines alike.</summary>
internal sealed class RunText(RunEstimate estimate)
{
    // Single steps jump about; a mean over some twenty shows where they go.
    private const double Weight = 0.05;

    private double? loss;
    private double? tokensPerSecond;

    /// <summary>Takes a step into the means.</summary>
    public void Add(StepProgress step)
    {
        loss = Mean(loss, step.Loss);
        tokensPerSecond = Mean(tokensPerSecond, step.TargetTokensPerSecond);
    }

    public string Place(StepProgress step) =>
        estimate.Epochs is { } epochs ? $"epoch {step.Epoch}/{epochs}" : $"epoch {step.Epoch}";

    public string Figures(StepProgress step)
    {
        string left = estimate.Left(step) is { } time ? $"{Duration(time)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"loss {loss:0.000}  {tokensPerSecond:N0} tokens/s  {left}").TrimEnd();
    }

    /// <summary>Fits into 80 columns: a line that wraps would tear the bar below it.</summary>
    public static string Epoch(EpochProgress epoch)
    {
        string validation = epoch.ValidationLoss is null ? "" : string.Create(CultureInfo.InvariantCulture,
            $"  validation {epoch.ValidationLoss:0.0000}  perplexity {epoch.ValidationPerplexity:0.00}");
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch,2}  loss {epoch.TrainLoss:0.0000}{validation}  {epoch.Seconds:0.0} s{(validation.Length > 0 && epoch.IsBest ? "  best" : "")}");
    }

    /// <summary>Where a recording is and how to look at it, or why there is none.</summary>
    public static string[] Recording(RecordingProgress recording)
    {
        string step = FormattableString.Invariant($"step {recording.Step}{(recording.Trap is { } trap ? $": {trap}" : "")}");
        return recording.Problem is { } problem
            ? [step, $"  not recorded: {recording.Path}: {problem.ReplaceLineEndings(" ")}"]
            : [step, $"  recorded: {recording.Path}", $"  open it: dotnet run --project samples/BackpropDebugger -- --recording {Quoted(recording.Path)}"];
    }

    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static double Mean(double? before, double value) => before is { } mean ? mean + (Weight * (value - mean)) : value;
}

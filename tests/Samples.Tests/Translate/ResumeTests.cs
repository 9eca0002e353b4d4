using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>Runs that were ended from outside go on to the same bits.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int BatchesPerEpoch = 20;
    private const int SignalInterrupt = 2;
    private const int SignalKill = 9;
    private const int SignalTerminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly SmallText text = new();

    public void Dispose() => text.Dispose();

    // Epochs may differ between a run and its resume: the interrupted one has enough of them to be met at work.
    [UnixTheory]
    [InlineData(SignalKill, 137, "2")]
    [InlineData(SignalTerminate, 143, "1")]
    [InlineData(SignalInterrupt, 130, "1")]
    public void A_run_that_was_ended_within_an_epoch_goes_on_to_the_same_parameters(int signal, int exitCode, string threads)
    {
        using (Process run = TranslateProgram.StartInBackground(text.Train("--epochs", "5000", "--save-steps", "3")))
        {
            EndWithinEpoch(run, signal);
            Assert.Equal(exitCode, run.ExitCode);
        }

        (int epoch, int batch, long step) = PositionOfCheckpoint();
        Assert.InRange(batch, 1, BatchesPerEpoch - 1);
        string epochs = (epoch + 1).ToString(CultureInfo.InvariantCulture);
        Finished resumed = TranslateProgram.Run(
            text.Train("--epochs", epochs, "--resume", "--json", "--save-steps", "7", "--threads", threads)).ExpectSuccess();
        Assert.Contains($"resuming after step {step}: epoch {epoch}, batch {batch} of {BatchesPerEpoch}", resumed.Lines);
        string elsewhere = Path.Combine(text.Folder, "uninterrupted");
        Finished whole = TranslateProgram.Run(text.Train("--epochs", epochs, "--json", "--out", elsewhere)).ExpectSuccess();
        Assert.Equal(Hash(whole), Hash(resumed));
        Assert.Equal(File.ReadAllText(Path.Combine(elsewhere, "loss.svg")), File.ReadAllText(Path.Combine(text.Model, "loss.svg")));
        Assert.Equal(whole.Json.GetProperty("steps").GetInt64(), resumed.Json.GetProperty("steps").GetInt64());
        Assert.DoesNotContain(Directory.EnumerateFiles(text.Model), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_resume_with_another_configuration_names_what_differs_and_changes_nothing()
    {
        TranslateProgram.Run(text.Train("--epochs", "1")).ExpectSuccess();
        Dictionary<string, string> before = text.Artifacts();
        TranslateProgram.Run(text.Train("--resume", "--batch", "4")).ExpectFailure(2, text.Checkpoint, "--batch", "5", "4");
        TranslateProgram.Run(text.Train("--resume", "--seed", "2")).ExpectFailure(2, text.Checkpoint, "--seed");
        string other = text.Write("other.en", [.. SmallText.References[1..], "another sentence"]);
        TranslateProgram.Run(text.Train("--resume", "--target", other)).ExpectFailure(2, text.Checkpoint, "text of --target");
        Assert.Equal(before, text.Artifacts());
    }

    private static string? Hash(Finished run) => run.Json.GetProperty("parametersSha256").GetString();

    // Polls until a checkpoint stands within an epoch; where the signal comes too late for that, a resume tries again.
    private void EndWithinEpoch(Process run, int signal)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!IsWithinEpoch())
        {
            Assert.False(run.HasExited, "the run ended by itself");
            Assert.True(clock.Elapsed < Patience, "no checkpoint within an epoch");
            Thread.Sleep(1);
        }

        Assert.Equal(0, Kill(run.Id, signal));
        Assert.True(run.WaitForExit(Patience), "the run did not end");
        if (IsWithinEpoch())
            return;
        using Process again = TranslateProgram.StartInBackground(text.Train("--epochs", "5000", "--save-steps", "3", "--resume"));
        EndWithinEpoch(again, signal);
    }

    private bool IsWithinEpoch()
    {
        try
        {
            return PositionOfCheckpoint().Batch is > 0 and < BatchesPerEpoch;
        }
        catch (IOException)
        {
            // Not there yet, or its writer, which has just renamed it, still holds its lock.
            return false;
        }
    }

    private (int Epoch, int Batch, long Step) PositionOfCheckpoint()
    {
        using FileStream file = new(text.Checkpoint, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] length = new byte[8];
        file.ReadExactly(length);
        byte[] header = new byte[BinaryPrimitives.ReadUInt64LittleEndian(length)];
        file.ReadExactly(header);
        using JsonDocument document = JsonDocument.Parse(header);
        using JsonDocument position = JsonDocument.Parse(
            document.RootElement.GetProperty("__metadata__").GetProperty("training.position").GetString()!);
        return (
            position.RootElement.GetProperty("Epoch").GetInt32(), position.RootElement.GetProperty("Batch").GetInt32(),
            position.RootElement.GetProperty("Step").GetInt64());
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

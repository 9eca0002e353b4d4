using System.Runtime.InteropServices;
using Transformer.Samples.Translate.Running;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>A run has its folder to itself, and goes on only where all of it is there.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly SmallText text = new();

    private string ModelFile => Path.Combine(text.Model, "model.safetensors");

    public void Dispose() => text.Dispose();

    [Fact]
    public void A_second_run_in_a_folder_is_refused_while_the_first_is_at_it()
    {
        Directory.CreateDirectory(text.Model);
        string lockFile = Path.Combine(text.Model, ".lock");
        using (new FileStream(lockFile, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            TranslateProgram.Run(text.Train("--epochs", "1")).ExpectFailure(2, $"another run is writing to {text.Model}");

        // What a killed run left is no lock any more.
        Assert.True(File.Exists(lockFile));
        TranslateProgram.Run(text.Train("--epochs", "1")).ExpectSuccess();
        Assert.False(File.Exists(lockFile));
    }

    [Fact]
    public void A_resume_in_a_folder_that_is_not_there_does_not_make_it()
    {
        TranslateProgram.Run(text.Train("--resume")).ExpectFailure(2, text.Checkpoint, "no such file");
        TranslateProgram.Run("--resume", "--out", text.Model).ExpectFailure(2, text.Checkpoint, "no such file");
        TranslateProgram.Run("import", text.Source, "--out", text.Model).ExpectFailure(2, text.Model, "no such folder");
        Assert.False(Directory.Exists(text.Model));
    }

    [Fact]
    public void A_resume_demands_the_best_model_of_the_same_run()
    {
        string elsewhere = Path.Combine(text.Folder, "elsewhere");
        TranslateProgram.Run(text.Train("--epochs", "1")).ExpectSuccess();
        TranslateProgram.Run(text.Train("--epochs", "1", "--seed", "2", "--out", elsewhere)).ExpectSuccess();
        string resumable = File.ReadAllText(ModelFile, System.Text.Encoding.Latin1);
        File.Delete(ModelFile);
        TranslateProgram.Run(text.Train("--epochs", "2", "--resume")).ExpectFailure(2, ModelFile, "no such file", "step 20");
        File.Copy(Path.Combine(elsewhere, "model.safetensors"), ModelFile);
        TranslateProgram.Run(text.Train("--epochs", "2", "--resume")).ExpectFailure(2, ModelFile, "another run");
        File.WriteAllText(ModelFile, resumable, System.Text.Encoding.Latin1);

        // Where all is done already there is no speed to tell.
        Finished again = TranslateProgram.Run(text.Train("--epochs", "1", "--resume")).ExpectSuccess();
        Assert.DoesNotContain("tokens/s", again.Output, StringComparison.Ordinal);
        TranslateProgram.Run("import", ModelFile, "--out", text.Model).ExpectSuccess();
        TranslateProgram.Run(text.Train("--epochs", "2", "--resume")).ExpectFailure(2, ModelFile, "imported");
    }

    [Fact]
    public void A_run_that_was_killed_between_its_best_model_and_the_checkpoint_goes_on()
    {
        // The best model is saved first; so the folder that such a run leaves has an older checkpoint beside it.
        TranslateProgram.Run(text.Train("--epochs", "1")).ExpectSuccess();
        byte[] older = File.ReadAllBytes(text.Checkpoint);
        Finished whole = TranslateProgram.Run(text.Train("--epochs", "2", "--resume", "--json")).ExpectSuccess();
        byte[] best = File.ReadAllBytes(ModelFile);
        File.WriteAllBytes(text.Checkpoint, older);
        Finished again = TranslateProgram.Run(text.Train("--epochs", "2", "--resume", "--json")).ExpectSuccess();
        Assert.Contains(again.Lines, line => line.StartsWith("resuming after step 20: ", StringComparison.Ordinal));
        Assert.Equal(whole.Json.GetProperty("parametersSha256").GetString(), again.Json.GetProperty("parametersSha256").GetString());
        Assert.Equal(best, File.ReadAllBytes(ModelFile));
    }

    [Fact]
    public void A_signal_after_the_run_does_what_it_usually_does()
    {
        TerminationSignals signals = new(() => { }, () => { });
        PosixSignalContext during = new(PosixSignal.SIGTERM);
        signals.Handle(during, 143);
        Assert.True(during.Cancel && signals.Token.IsCancellationRequested);
        signals.Dispose();
        PosixSignalContext after = new(PosixSignal.SIGTERM);
        signals.Handle(after, 143);
        Assert.False(after.Cancel);
        Assert.Equal(143, signals.Code);
    }
}

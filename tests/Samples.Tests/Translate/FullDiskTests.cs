using System.Globalization;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>A disk that is full, in memory and seen by the one process alone.</summary>
public sealed class FullDiskTests : IDisposable
{
    // Copies what an earlier run left onto the small disk, runs the program there and copies everything back.
    private const string OnSmallDisk = """
        set -e
        kept="$1"; model="$2"; size="$3"; shift 3
        mount -t tmpfs -o size="$size"k none "$model"
        cp "$kept"/* "$model"
        code=0; "$@" || code=$?
        mkdir "$kept/after"; cp -r "$model/." "$kept/after"
        exit $code
        """;

    private readonly SmallText text = new();

    public void Dispose() => text.Dispose();

    [ShellFact("unshare -rm mount -t tmpfs none /tmp")]
    public void A_disk_that_is_full_ends_the_run_with_one_line_and_keeps_the_files_before()
    {
        TranslateProgram.Run(text.Train("--epochs", "1")).ExpectSuccess();
        Dictionary<string, string> before = text.Artifacts();
        string kept = Path.Combine(text.Folder, "kept");
        Directory.Move(text.Model, kept);
        Directory.CreateDirectory(text.Model);

        // Room for the files as they are and for small ones, not for a second copy of the parameters.
        long size = before.Values.Sum(content => (content.Length / 2 / 4096 + 1) * 4) + 40;
        string other = text.Write("other.en", [.. SmallText.References.Select(line => line.Replace('e', 'o'))]);
        Finished run = TranslateProgram.RunInShell(
            $"exec unshare -rm bash -c '{OnSmallDisk}' bash '{kept}' '{text.Model}' {size.ToString(CultureInfo.InvariantCulture)} \"$@\"",
            text.Train("--epochs", "2", "--seed", "7", "--target", other));
        run.ExpectFailure(1, "model.safetensors", "could not be saved", "disk was full");
        Directory.Delete(text.Model);
        Directory.Move(Path.Combine(kept, "after"), text.Model);
        Assert.Equal(before, text.Artifacts());
        TranslateProgram.Run("translate", "--model", text.Model, "Milch sieht der Mann.").ExpectSuccess();
    }
}

using System.Diagnostics;
using System.Globalization;
using Training.Tests.Data;
using Transformer.Autograd.Files;
using Transformer.Testing;
using Transformer.Training;
using Transformer.Training.Data;
using Xunit;
using Xunit.Abstractions;

namespace Training.Tests.Checkpoints;

public class KilledSaveTests(ITestOutputHelper output)
{
    private const int Kills = 20;

    [Fact]
    public void Twenty_kills_during_saving_leave_no_broken_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder["model.safetensors"];
        var random = new Random(Seed.Value);
        output.WriteLine($"seed {Seed.Value}");
        SaveLoop.Save(path, 0);
        var hit = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var reported = SaveUntilKilled(SaveLoop.Verb, path, random.Next(0, 40));

            // The kill came before, in or after the rename of the next generation: that one or the last one reported is there, whole.
            var content = SafetensorsFile.Read(path, HashRequirement.Required);
            var generation = int.Parse(content.Metadata["generation"], CultureInfo.InvariantCulture);
            Assert.InRange(generation, reported, reported + 1);
            Assert.Equal(-1, content["values"].Values<float>().IndexOfAnyExcept((float)generation));
            Assert.Equal(SaveLoop.Numbers, content["values"].Values<float>().Length);

            // Each save removes what the killed one before it left, so there is never more than one.
            var leftovers = AtomicFile.Temporaries(path).Count();
            Assert.InRange(leftovers, 0, 1);
            hit += leftovers;
        }

        output.WriteLine($"{Kills} kills: {Kills} whole files; {hit} kills hit a half-written temporary file");
        Assert.True(hit > 0, "no kill came during a save, so the test has shown nothing");
        SaveLoop.Save(path, 1);
        Assert.Equal([path], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void Twenty_kills_while_models_of_two_language_pairs_are_saved_in_turn_leave_one_that_loads()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(Seed.Value);
        var pairs = new HashSet<int>();
        var hit = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var reported = SaveUntilKilled(SaveLoop.TranslatorVerb, folder.FullName, random.Next(0, 40));

            // Everything in the file is of one pair: that of the last generation reported or of the next.
            var loaded = TranslatorFolder.Load(folder.FullName);
            var pair = (int)loaded.Model.Output.Bias![0];
            Assert.Contains(pair, new[] { reported % 2, (reported + 1) % 2 });
            Assert.Equal($"source{pair}.0", loaded.Source.Vocabulary[4]);
            Assert.Equal($"target{pair}.9999", loaded.Target.Vocabulary[10_003]);
            Assert.Equal(pair == 1, Assert.IsType<WordTokenizer>(loaded.Source.Tokenizer).LowerCase);
            Assert.Equal(pair == 1, Assert.IsType<WordTokenizer>(loaded.Target.Tokenizer).LowerCase);
            pairs.Add(pair);
            hit += AtomicFile.Temporaries(folder[TranslatorFolder.ModelFile]).Count();
        }

        output.WriteLine($"{Kills} kills: {Kills} whole models; {hit} kills hit a half-written temporary file");
        Assert.True(hit > 0, "no kill came during a save, so the test has shown nothing");
        Assert.Equal(2, pairs.Count);
    }

    /// <returns>The last generation that the process said was saved.</returns>
    private static int SaveUntilKilled(string verb, string path, int milliseconds)
    {
        using var process = Process.Start(new ProcessStartInfo(DotnetHost())
        {
            ArgumentList = { "exec", typeof(SaveLoop).Assembly.Location, verb, path },
            RedirectStandardOutput = true,
        })!;
        try
        {
            // The first line says that the process has begun to save; then it does nothing else.
            Assert.Equal("1", process.StandardOutput.ReadLine());
            Thread.Sleep(milliseconds);
        }
        finally
        {
            process.Kill(); // SIGKILL
            process.WaitForExit();
        }

        var complete = process.StandardOutput.ReadToEnd().Split('\n')[..^1];
        return complete.Length == 0 ? 1 : int.Parse(complete[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The program that runs this test, or the one that `dotnet` names.</summary>
    private static string DotnetHost() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");
}

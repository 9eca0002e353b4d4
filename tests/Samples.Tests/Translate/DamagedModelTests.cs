using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Samples.Tests.Translate;

/// <summary>Files that were cut, altered or come without a hash.</summary>
public sealed class DamagedModelTests(TrainedModel trained) : IClassFixture<TrainedModel>, IDisposable
{
    private const string Known = "the man sees milk.\n";

    private readonly string copy = Copy(trained.Text.Model);

    private string ModelFile => Path.Combine(copy, "model.safetensors");

    public void Dispose() => Directory.Delete(copy, recursive: true);

    [Fact]
    public void A_truncated_model_is_refused_by_name()
    {
        File.WriteAllBytes(ModelFile, File.ReadAllBytes(ModelFile)[..^100]);
        Translate().ExpectFailure(2, ModelFile);
    }

    [Fact]
    public void An_altered_model_is_refused_by_name()
    {
        Flip(ModelFile, fromEnd: 1000);
        Translate().ExpectFailure(2, ModelFile, "altered or damaged");
    }

    [Fact]
    public void An_altered_vocabulary_is_refused_by_name()
    {
        byte[] bytes = File.ReadAllBytes(ModelFile);
        bytes[bytes.AsSpan().IndexOf("milk"u8)] = (byte)'s';
        File.WriteAllBytes(ModelFile, bytes);
        Translate().ExpectFailure(2, ModelFile, "altered or damaged");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_checkpoint_is_not_resumed_and_stays_as_it_is(bool isTruncated)
    {
        string checkpoint = Path.Combine(copy, "checkpoint.safetensors");
        if (isTruncated)
            File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..5000]);
        else
            Flip(checkpoint, fromEnd: 5000);
        byte[] before = File.ReadAllBytes(checkpoint);
        TranslateProgram.Run(trained.Text.Train("--resume", "--out", copy)).ExpectFailure(2, checkpoint);
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
    }

    [Fact]
    public void Weights_without_a_hash_are_read_by_import_alone()
    {
        byte[] hashless = WithoutMetadata(File.ReadAllBytes(ModelFile));
        string weights = Path.Combine(copy, "weights.safetensors");
        File.WriteAllBytes(weights, hashless);
        File.WriteAllBytes(ModelFile, hashless);
        Translate().ExpectFailure(2, ModelFile, "imported");
        TranslateProgram.Run("evaluate", "--model", copy, "--source", trained.Text.Source, "--target", trained.Text.Target)
            .ExpectFailure(2, ModelFile, "imported");

        // A folder of the same configuration that has not learned anything yet takes over what this one knows.
        string other = Path.Combine(copy, "other");
        TranslateProgram.Run(trained.Text.Train("--epochs", "1", "--learning-rate", "1e-9", "--out", other)).ExpectSuccess();
        Assert.NotEqual(Known, Translate(other).ExpectSuccess().Output);
        TranslateProgram.Run("import", weights, "--out", other).ExpectSuccess();
        Assert.Equal(Known, Translate(other).ExpectSuccess().Output);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_and_the_model_stays()
    {
        byte[] before = File.ReadAllBytes(ModelFile);
        string weights = Path.Combine(copy, "weights.safetensors");
        File.WriteAllBytes(weights, WithoutMetadata(before, renamed: "output.bias"));
        TranslateProgram.Run("import", weights, "--out", copy).ExpectFailure(2, weights, "no tensor 'output.bias'");
        File.WriteAllBytes(weights, WithoutMetadata(before)[..^4]);
        TranslateProgram.Run("import", weights, "--out", copy).ExpectFailure(2, weights);
        Assert.Equal(before, File.ReadAllBytes(ModelFile));
    }

    private Finished Translate(string? folder = null) => TranslateProgram.Run("translate", "--model", folder ?? copy, "Milch sieht der Mann.");

    private static string Copy(string folder)
    {
        string copy = Directory.CreateTempSubdirectory("translate-test-").FullName;
        foreach (string file in Directory.EnumerateFiles(folder))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static void Flip(string file, int fromEnd)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^fromEnd] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    // As other programs write it: the same tensors at the same places, no metadata.
    private static byte[] WithoutMetadata(byte[] file, string? renamed = null)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        JsonObject header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        header.Remove("__metadata__");
        string text = header.ToJsonString();
        if (renamed is not null)
            text = text.Replace($"\"{renamed}\"", "\"foreign\"", StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(text.PadRight((text.Length + 7) / 8 * 8));
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)bytes.Length);
        return [.. prefix, .. bytes, .. file.AsSpan(8 + length)];
    }
}

using Training.Tests.Data;
using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training;
using Transformer.Training.Checkpoints;
using Transformer.Training.Data;
using Xunit;

namespace Training.Tests;

public sealed class TranslatorFolderTests : IDisposable
{
    private static readonly string[] Lines = [.. Toy.Sentences(20, 3).Select(pair => pair.Source)];

    private readonly TemporaryFolder temporary = new();

    public TranslatorFolderTests()
    {
        Directory.CreateDirectory(Folder);
        TranslatorFolder.SaveLanguages(Folder, Toy.Source, Toy.Target);
        TranslatorFolder.SaveModel(Folder, Toy.Trained.Model);
    }

    private string Folder => temporary["translator"];

    private string ModelFile => Path.Combine(Folder, TranslatorFolder.ModelFile);

    private string Foreign => temporary["foreign.safetensors"];

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void What_was_saved_comes_back_bit_for_bit()
    {
        Translator loaded = TranslatorFolder.Load(Folder);
        Assert.Equal(Toy.Trained.Model.Configuration, loaded.Model.Configuration);
        Assert.Equal(ModelTensors.Sha256(Toy.Trained.Model), ModelTensors.Sha256(loaded.Model));
        Assert.Equal(Toy.Trained.Translate(Lines), loaded.Translate(Lines));
        Assert.Equal(Toy.Trained.Translate(Lines, beamWidth: 3), loaded.Translate(Lines, beamWidth: 3));
        Assert.Equal(
            Toy.Trained.TranslateWithAttention("s1 s2").Weights.SelectMany(layer => layer),
            loaded.TranslateWithAttention("s1 s2").Weights.SelectMany(layer => layer));
    }

    [Theory]
    [InlineData("source.tokenizer")]
    [InlineData("source.vocabulary")]
    [InlineData("target.tokenizer")]
    [InlineData("target.vocabulary")]
    public void A_language_file_of_another_model_is_refused_by_its_name(string name)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, name.EndsWith("vocabulary", StringComparison.Ordinal)
            ? File.ReadAllText(path).Replace("0\n", "zero\n", StringComparison.Ordinal)
            : File.ReadAllText(path).Replace("case no", "case yes", StringComparison.Ordinal));
        Assert.Contains(name, Assert.Throws<CheckpointException>(() => TranslatorFolder.Load(Folder)).Message, StringComparison.Ordinal);
        WriteForeign(Entries());
        AssertImportRefused(name);
        File.Delete(path);
        Assert.Contains(path, Assert.Throws<DataFileException>(() => TranslatorFolder.Load(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_hash_is_refused_by_load_and_taken_by_import()
    {
        TransformerModel other = Toy.Model(99, Toy.Trained.Model.Configuration);
        WriteForeign(ModelTensors.Entries(other));
        Assert.Equal(ModelTensors.Sha256(other), ModelTensors.Sha256(TranslatorFolder.Import(Foreign, Folder).Model));
        Assert.Equal(ModelTensors.Sha256(other), ModelTensors.Sha256(TranslatorFolder.Load(Folder).Model));

        File.Copy(Foreign, ModelFile, overwrite: true);
        CheckpointException error = Assert.Throws<CheckpointException>(() => TranslatorFolder.Load(Folder));
        Assert.StartsWith(ModelFile, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_takes_the_other_float_type()
    {
        WriteForeign([.. Toy.Trained.Model.NamedParameters().Select(named => SafetensorsEntry.From<float>(
            named.Name, [.. named.Parameter.Shape.Select(size => (long)size)], named.Parameter.ToDoubles().Select(value => (float)value).ToArray()))]);
        Translator imported = TranslatorFolder.Import(Foreign, Folder);
        foreach ((Parameter expected, Parameter actual) in Toy.Trained.Model.Parameters().Zip(imported.Model.Parameters()))
            Assert.Equal(expected.ToDoubles().Select(value => (double)(float)value), actual.ToDoubles());
        Assert.Equal(DType.Float64, TranslatorFolder.Load(Folder).Model.Configuration.DType);
    }

    [Fact]
    public void Import_refuses_a_missing_an_extra_and_a_misshapen_tensor_and_keeps_the_old_model()
    {
        IReadOnlyList<SafetensorsEntry> entries = Entries();
        WriteForeign([.. entries.Where(entry => entry.Name != "output.bias")]);
        AssertImportRefused("output.bias");
        WriteForeign([.. entries, SafetensorsEntry.From<float>("decoder.layers.7.linear1.weight", [1], new float[] { 1 })]);
        AssertImportRefused("decoder.layers.7.linear1.weight");
        WriteForeign([.. entries.Where(entry => entry.Name != "output.bias"), SafetensorsEntry.From<double>("output.bias", [3, 4], new double[12])]);
        AssertImportRefused("output.bias");
        WriteForeign([.. entries.Where(entry => entry.Name != "output.bias"), SafetensorsEntry.From<long>("output.bias", [12], new long[12])]);
        AssertImportRefused("output.bias");
        File.WriteAllBytes(Foreign, File.ReadAllBytes(Foreign)[..^1]);
        AssertImportRefused(Foreign);
        File.Delete(Foreign);
        AssertImportRefused("no such file");
    }

    [Fact]
    public void Import_refuses_numbers_that_are_not_finite()
    {
        TransformerModel other = Toy.Model(99, Toy.Trained.Model.Configuration);
        other.Output.Bias![5] = double.NaN;
        WriteForeign(ModelTensors.Entries(other));
        AssertImportRefused("output.bias");
    }

    [Fact]
    public void Import_refuses_a_file_whose_hash_is_wrong()
    {
        byte[] bytes = File.ReadAllBytes(ModelFile);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Foreign, bytes);
        AssertImportRefused(Foreign);
    }

    [Fact]
    public void A_model_of_another_program_in_the_folder_has_no_configuration()
    {
        SafetensorsFile.Write(ModelFile, Entries(), new Dictionary<string, string>());
        Assert.Contains("no configuration", Assert.Throws<CheckpointException>(() => TranslatorFolder.Load(Folder)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<SafetensorsEntry> Entries() => ModelTensors.Entries(Toy.Trained.Model);

    // As another program writes it: our file, with the hash's key spelled otherwise.
    private void WriteForeign(IReadOnlyList<SafetensorsEntry> entries)
    {
        SafetensorsFile.Write(Foreign, entries, new Dictionary<string, string>());
        byte[] bytes = File.ReadAllBytes(Foreign);
        bytes.AsSpan(bytes.AsSpan().IndexOf("file_sha256"u8), 4).Fill((byte)'x');
        File.WriteAllBytes(Foreign, bytes);
    }

    private void AssertImportRefused(string reason)
    {
        byte[] before = File.ReadAllBytes(ModelFile);
        CheckpointException error = Assert.Throws<CheckpointException>(() => TranslatorFolder.Import(Foreign, Folder));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(ModelFile));
    }
}

using Training.Tests.Data;
using Transformer.Autograd;
using Transformer.Autograd.Files;
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
        TranslatorFolder.Save(Folder, Toy.Trained);
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
    [InlineData("source.tokenizer", "case no", "case perhaps", "line 2: 'lower-case yes' or 'lower-case no' expected")]
    [InlineData("target.tokenizer", "lower-case no\n", "", "ends after line 1")]
    [InlineData("source.vocabulary", "s3\n", "s3 s4\n", "white space in it")]
    [InlineData("target.vocabulary", "t3\n", "t2\n", "are both 't2'")]
    [InlineData("target.vocabulary", "t3\n", "", "the vocabularies have 12 and 11")]
    [InlineData("configuration", "{", "", "configuration cannot be read")]
    public void A_text_that_is_damaged_though_the_hash_is_right_is_refused_by_its_name(string key, string text, string other, string reason)
    {
        Dictionary<string, string> metadata = new(SafetensorsFile.Read(ModelFile, HashRequirement.Required).Metadata);
        Assert.Contains(text, metadata[key], StringComparison.Ordinal);
        metadata[key] = metadata[key].Replace(text, other, StringComparison.Ordinal);
        AssertRefused(metadata, reason);
        metadata.Remove(key);
        AssertRefused(metadata, $"no {key} in its metadata");
    }

    [Fact]
    public void A_folder_has_one_file_and_equal_translators_make_equal_bytes()
    {
        Assert.Equal([ModelFile], Directory.GetFiles(Folder));
        byte[] before = File.ReadAllBytes(ModelFile);
        TranslatorFolder.Save(Folder, TranslatorFolder.Load(Folder));
        Assert.Equal(before, File.ReadAllBytes(ModelFile));
    }

    [Fact]
    public void A_byte_pair_encoding_comes_back()
    {
        string[] lines = [.. Toy.Sentences(50, 4).Select(pair => pair.Source)];
        BytePairEncoding pieces = BytePairEncoding.Learn(lines, 6, lowerCase: true);
        TextEncoder source = new(pieces, pieces.BuildVocabulary(lines, 1));
        TransformerModel model = Toy.Model(3, Toy.Configuration with { SourceVocabularySize = source.Vocabulary.Count });
        TranslatorFolder.Save(Folder, new Translator(model, source, Toy.Target));
        Translator loaded = TranslatorFolder.Load(Folder);
        Assert.Equal(lines.Select(source.Encode), lines.Select(loaded.Source.Encode));
        Assert.Equal(lines, lines.Select(line => loaded.Source.Decode(loaded.Source.Encode(line))));
    }

    [Fact]
    public void The_training_that_a_model_comes_from_is_told_until_other_parameters_are_imported()
    {
        Assert.Null(TranslatorFolder.ReadOrigin(Folder));
        TranslatorFolder.Save(Folder, Toy.Trained, new ModelOrigin("a run", 12));
        Assert.Equal(new ModelOrigin("a run", 12), TranslatorFolder.ReadOrigin(Folder));
        WriteForeign(Entries());
        TranslatorFolder.Import(Foreign, Folder);
        Assert.Null(TranslatorFolder.ReadOrigin(Folder));
    }

    [Fact]
    public void A_file_without_hash_is_refused_by_load_and_taken_by_import()
    {
        TransformerModel other = Toy.Model(99, Toy.Trained.Model.Configuration);
        WriteForeign(ModelTensors.Entries(other));
        Assert.Equal(ModelTensors.Sha256(other), ModelTensors.Sha256(TranslatorFolder.Import(Foreign, Folder).Model));
        Assert.Equal(ModelTensors.Sha256(other), ModelTensors.Sha256(TranslatorFolder.Load(Folder).Model));

        File.Copy(Foreign, ModelFile, overwrite: true);
        TensorFileException error = Assert.Throws<TensorFileException>(() => TranslatorFolder.Load(Folder));
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
        Assert.Contains("no configuration", Assert.Throws<TensorFileException>(() => TranslatorFolder.Load(Folder)).Message, StringComparison.Ordinal);
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

    private void AssertRefused(Dictionary<string, string> metadata, string reason)
    {
        SafetensorsFile.Write(ModelFile, Entries(), metadata);
        TensorFileException error = Assert.Throws<TensorFileException>(() => TranslatorFolder.Load(Folder));
        Assert.StartsWith(ModelFile, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private void AssertImportRefused(string reason)
    {
        byte[] before = File.ReadAllBytes(ModelFile);
        TensorFileException error = Assert.Throws<TensorFileException>(() => TranslatorFolder.Import(Foreign, Folder));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(ModelFile));
    }
}

using Transformer.Autograd.Files;
using Transformer.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Autograd.Tests.Files;

public class DamagedFileTests(ITestOutputHelper output)
{
    private const int Mutations = 1000;

    [Fact]
    public void Every_truncation_is_refused()
    {
        using var folder = new FilesFolder();
        var whole = folder.SmallFile();
        for (var length = 0; length < whole.Length; length++)
        {
            folder.Refuse(whole[..length], HashRequirement.Required);
            folder.Refuse(whole[..length], HashRequirement.Optional);
        }

        output.WriteLine($"{whole.Length} truncations: {whole.Length} refused");
    }

    [Fact]
    public void Every_flip_of_any_single_bit_is_refused()
    {
        using var folder = new FilesFolder();
        var bytes = folder.SmallFile();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            folder.Refuse(bytes, HashRequirement.Required);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        folder.Read(bytes, HashRequirement.Required);
        output.WriteLine($"{bytes.Length * 8} flipped bits: {bytes.Length * 8} refused");
    }

    [Fact]
    public void A_thousand_random_mutations_are_refused()
    {
        using var folder = new FilesFolder();
        var whole = folder.SmallFile();
        folder.Read(whole, HashRequirement.Required);
        output.WriteLine($"seed {Seed.Value}");
        var random = new Random(Seed.Value);
        var reasons = new HashSet<string>();
        for (var i = 0; i < Mutations; i++)
        {
            reasons.Add(folder.Refuse(Mutation.Of(whole, random), HashRequirement.Required).Reason);
        }

        output.WriteLine($"{Mutations} mutations: {Mutations} refused, for {reasons.Count} reasons");
    }

    [Fact]
    public void Mutations_of_a_file_without_a_hash_never_crash()
    {
        using var folder = new FilesFolder();
        var whole = FilesFolder.Bytes(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""",
            [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        folder.Read(whole, HashRequirement.Optional);
        output.WriteLine($"seed {Seed.Value}");
        var random = new Random(Seed.Value);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            try
            {
                // Altered numbers, names and texts cannot be told from right ones; what loads is whole all the same.
                var content = folder.Read(Mutation.Of(whole, random), HashRequirement.Optional);
                Assert.Equal(16, content.Entries.Sum(entry => entry.Data.Length));
            }
            catch (TensorFileException)
            {
                refused++;
            }
        }

        output.WriteLine($"{Mutations} mutations without a hash: {refused} refused, {Mutations - refused} loaded, 0 crashed");
        Assert.InRange(refused, 1, Mutations - 1);
    }
}

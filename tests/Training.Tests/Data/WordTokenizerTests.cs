using System.Security.Cryptography;
using System.Text;
using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public class WordTokenizerTests
{
    private static readonly WordTokenizer AsItIs = new(lowerCase: false);
    private static readonly WordTokenizer Lower = new(lowerCase: true);

    [Theory]
    [InlineData("Two men, one dog.", "Two|men|,|one|dog|.")]
    [InlineData("a t-shirt's", "a|t|-|shirt|'|s")]
    [InlineData("  ", "")]
    [InlineData("snake_case __x", "snake_case|__x")]
    [InlineData("10m² ½ Ⅷ", "10m²|½|Ⅷ")] // other numbers and letter numbers are word characters in Python
    [InlineData("a‿b", "a|‿|b")] // other connectors are not
    [InlineData("e\u0301t", "e|\u0301|t")] // nor are combining marks
    [InlineData("𝒳𝒴😀z", "𝒳𝒴|😀|z")] // one character beyond U+FFFF is one token
    [InlineData("a\u001Cb\u0085c\u00A0d\u2028e", "a|b|c|d|e")] // U+001C is white space in Python
    [InlineData("a\u200Db", "a|\u200D|b")] // the joiner is none
    [InlineData("日本語、です", "日本語|、|です")]
    public void Tokens_are_words_and_marks(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', AsItIs.Tokenize(line)));

    [Theory]
    [InlineData("ÄÖÜẞ", "äöüß")]
    [InlineData("ΟΔΟΣ ΣΑΣ", "οδος|σας")]
    [InlineData("Σ", "σ")] // no letter before it, so it is not final
    [InlineData("İ", "i|\u0307")]
    [InlineData("ɪI", "ɪi")]
    [InlineData("𐐀", "𐐨")]
    public void Lower_case_is_that_of_python(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', Lower.Tokenize(line)));

    // SHA-256 over ' '.join(re.findall(r"\w+|[^\w\s]", s)) + "\n", computed with Python 3.11 for the same strings: every
    // character of blocks that no longer grow, between letters and in all places that decide on a final sigma.
    [Fact]
    public void Tokens_and_lower_case_agree_with_python_on_whole_blocks()
    {
        (int First, int Last)[] blocks =
        [
            (0, 0x52F), (0x5D0, 0x5EA), (0x900, 0x97F), (0x1E00, 0x23FF), (0x2460, 0x24FF), (0x3000, 0x312E),
            (0xFF00, 0xFFEF), (0x10400, 0x1049D), (0x1D400, 0x1D7FF), (0x1F130, 0x1F189),
        ];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((int first, int last) in blocks)
        {
            for (int value = first; value <= last; value++)
            {
                var character = new Rune(value);
                foreach (string text in new[] { $"a{character}b", $"AΣ{character}", $"AΣ{character}B", $"{character}Σ" })
                {
                    Append(hash, AsItIs.Tokenize(text));
                    Append(hash, Lower.Tokenize(text));
                }
            }
        }
        Assert.Equal("f75a5d665a84767f64ffdb8c9848d633a549a990c4c7488ed1dddb92539f8bde", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // The same digest over the lines of each file, s lower-cased and as it is.
    [Multi30kFact]
    public void Tokens_agree_with_python_on_all_of_multi30k()
    {
        (string File, string Lowered, string Unchanged)[] digests =
        [
            ("train.de", "f2ad2e12e2f618858805f174bc89e178d9b728d7897f2142473b4461c040090c", "e56b56676966c903e48a6344c3eeba5ecc41a4addde08a97fc97a64601ba46c1"),
            ("train.en", "f0994a9ba3226038d8718105182be2710bab68e1e62676ae13a48f4964823c31", "860cb0bb4c0a1ff2080e58602ebc0e434cd691a0f18eaeeddc76e86b029a7e28"),
            ("val.de", "e7b595f494c9f06225b4c39989ae06d146635af9f2666d9b2d8cde1dd6d0315d", "d3b6fe032269890adf35344ab19772d3f1bcee5918350bc396db15361219e341"),
            ("val.en", "445e7f79affbfc95ff649db69737345a3d1499d1a8f18b50b8a28f2bfbdf5f67", "6221f82dac603ff97986abb281441b21b5c041f51cbddc6c968e22dd10573caa"),
            ("test_2016_flickr.de", "2b3abf23f2fac5d77de7dc754481937da9d513223a2589e7ef92a18cb6a8e8ff", "0553db2d64f513538aecacbd8111d970f2698b25cb4db6b24e76661c6b887766"),
            ("test_2016_flickr.en", "e2216532bc8a05d02bf6e2939aa46eca65fc2f961b7a06d976673e5ac61a17a6", "3847afc99f578950093ffdd7bc4db2ab441b0b4734f82faa489f8409f56b245a"),
        ];
        foreach ((string file, string lowered, string unchanged) in digests)
        {
            IReadOnlyList<string> lines = TextFile.ReadLines(Multi30k.File(file));
            Assert.Equal((file, lowered), (file, Digest(Lower, lines)));
            Assert.Equal((file, unchanged), (file, Digest(AsItIs, lines)));
        }
    }

    [Theory]
    [InlineData("A man's dog, a t-shirt and (two) \"good\" boys.")]
    [InlineData("Es kostet 3,50 $ oder 10%: „zu viel“, sagt er!")]
    [InlineData("Limonade- und Bierdosen")]
    [InlineData("It's 5 o'clock; they're here.")]
    public void Joining_sets_marks_where_they_belong(string line)
    {
        string expected = line.Replace("3,50 $ ", "3,50 $", StringComparison.Ordinal);
        Assert.Equal(expected, AsItIs.Join(AsItIs.Tokenize(line)));
    }

    [Fact]
    public void Joining_keeps_unknown_tokens_apart_from_words() =>
        Assert.Equal("a <unk> dog <unk>.", AsItIs.Join(["a", "<unk>", "dog", "<unk>", "."]));

    [Fact]
    public void Tokens_of_joined_tokens_are_the_same_tokens() =>
        TextProperty.Holds(TextProperty.Text, text =>
        {
            IReadOnlyList<string> tokens = AsItIs.Tokenize(text);
            return AsItIs.Tokenize(AsItIs.Join(tokens)).SequenceEqual(tokens);
        }, times: 1000);

    [Multi30kFact]
    public void Joining_restores_nearly_all_lines_of_multi30k()
    {
        foreach (string file in new[] { "train.de", "train.en" })
        {
            IReadOnlyList<string> lines = TextFile.ReadLines(Multi30k.File(file));
            int same = lines.Count(line => AsItIs.Join(AsItIs.Tokenize(line)) == line);
            Assert.True(same >= 0.99 * lines.Count, $"{file}: {same} of {lines.Count}");
        }
    }

    private static string Digest(WordTokenizer tokenizer, IReadOnlyList<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines) Append(hash, tokenizer.Tokenize(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, IReadOnlyList<string> tokens) =>
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join(' ', tokens) + "\n"));
}

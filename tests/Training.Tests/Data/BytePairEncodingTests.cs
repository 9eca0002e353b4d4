using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public sealed class BytePairEncodingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Words ▁aab (3 times), ▁ab (2), b (once, after a hyphen). Pairs: a b 5, ▁ a 5, a a 3. The first by code points of the
    // most frequent is (a, b), since a = U+0061 comes before ▁ = U+2581. Then ▁ab: ▁ ab 2, ▁aab: ▁ a 3, a ab 3, of which
    // (a, ab) is first, then (▁, aab) 3, (▁, ab) 2; nothing else occurs twice.
    [Fact]
    public void Merges_are_learned_as_worked_by_hand()
    {
        BytePairEncoding encoding = BytePairEncoding.Learn(["aab aab", "ab ab-b aab"], mergeCount: 100, lowerCase: false);
        Assert.Equal(["a b", "a ab", "▁ aab", "▁ ab"], Merges(encoding));
        Assert.Equal(["▁aab", "▁", "a", "a", "▁", "b", "ab", "-", "b"], encoding.Tokenize("aab aa bab-b"));
    }

    // Sennrich et al. 2016, algorithm 1: low 5, lower 2, newest 6, widest 3. The paper's first merges are e s, es t, est </w>,
    // l o, lo w. The mark stands at the start here, so the third is not there, and ties go by code points.
    [Fact]
    public void The_example_of_the_paper_begins_with_its_merges()
    {
        string[] lines = [.. Enumerable.Repeat("low", 5), .. Enumerable.Repeat("lower", 2), .. Enumerable.Repeat("newest", 6), .. Enumerable.Repeat("widest", 3)];
        BytePairEncoding encoding = BytePairEncoding.Learn(lines, mergeCount: 4, lowerCase: false);
        Assert.Equal(["e s", "es t", "l o", "lo w"], Merges(encoding));
    }

    [Fact]
    public void Equally_frequent_pairs_go_by_code_points_not_by_UTF16_units() =>
        Assert.Equal(["▁ -", "ａ b", "𐐀 b"], Merges(BytePairEncoding.Learn(["-𐐀b -𐐀b -ａb -ａb"], 10, lowerCase: false)));

    [Fact]
    public void Learning_gives_the_merges_of_the_plain_algorithm() =>
        TextProperty.Holds(TextProperty.Lines, lines =>
            Merges(BytePairEncoding.Learn(lines, mergeCount: 30, lowerCase: false)).SequenceEqual(PlainMerges(lines, 30)));

    [Fact]
    public void Text_survives_encoding_and_joining_up_to_runs_of_white_space()
    {
        BytePairEncoding encoding = BytePairEncoding.Learn(["aab Hund straße ab <▁> 3.14 (aab) ▁▁ <unk> 𝒳𝒳 𝒳"], mergeCount: 50, lowerCase: false);
        TextProperty.Holds(TextProperty.Text, text => encoding.Join(encoding.Tokenize(text)) == SingleSpaced(text), times: 1000);
    }

    [Fact]
    public void Saved_and_loaded_it_gives_the_same_tokens() =>
        TextProperty.Holds(TextProperty.Lines, lines =>
        {
            BytePairEncoding learned = BytePairEncoding.Learn(lines, mergeCount: 20, lowerCase: true);
            TokenizerFile.Save(learned, folder["bpe.txt"]);
            ITokenizer loaded = TokenizerFile.Load(folder["bpe.txt"]);
            return lines.All(line => loaded.Tokenize(line).SequenceEqual(learned.Tokenize(line)));
        }, times: 100);

    [Fact]
    public void Only_rare_characters_are_unknown()
    {
        string[] lines = ["aab aab ab é", "ab aab"];
        BytePairEncoding encoding = BytePairEncoding.Learn(lines, mergeCount: 3, lowerCase: false);
        var encoder = new TextEncoder(encoding, encoding.BuildVocabulary(lines, minimumFrequency: 2));
        Assert.Equal(["<pad>", "<bos>", "<eos>", "<unk>", "a", "▁", "b"], encoder.Vocabulary.Tokens.Take(7));
        Assert.Equal("<unk>ab aab ba <unk> aa", encoder.Decode(encoder.Encode("éab aab ba z aa")));
    }

    [Fact]
    public void Known_characters_always_survive_the_vocabulary() =>
        TextProperty.Holds(TextProperty.Lines, lines =>
        {
            BytePairEncoding encoding = BytePairEncoding.Learn(lines, mergeCount: 10, lowerCase: false);
            var encoder = new TextEncoder(encoding, encoding.BuildVocabulary(lines, minimumFrequency: 1));
            return lines.All(line => encoder.Decode(encoder.Encode(line)) == SingleSpaced(line));
        }, times: 100);

    [Fact]
    public void The_order_of_the_lines_does_not_matter() =>
        TextProperty.Holds(TextProperty.Lines, lines =>
            Merges(BytePairEncoding.Learn(lines, 30, lowerCase: false)).SequenceEqual(Merges(BytePairEncoding.Learn(lines.Reverse(), 30, lowerCase: false))));

    [Multi30kFact]
    public void Eight_thousand_joint_merges_of_multi30k_are_learned_and_restore_every_line()
    {
        string[] lines = [.. TextFile.ReadLines(Multi30k.File("train.de")), .. TextFile.ReadLines(Multi30k.File("train.en"))];
        BytePairEncoding encoding = BytePairEncoding.Learn(lines, mergeCount: 8000, lowerCase: false);
        Assert.Equal(8000, encoding.MergeCount);
        Assert.All(lines, line => Assert.Equal(SingleSpaced(line), encoding.Join(encoding.Tokenize(line))));
    }

    private static string SingleSpaced(string text) =>
        string.Join(' ', text.Split([' ', '\t', '\u00A0', '\u2028', '\u001F'], StringSplitOptions.RemoveEmptyEntries));

    private static string[] Merges(BytePairEncoding encoding)
    {
        using var writer = new StringWriter();
        encoding.Write(writer);
        return [.. writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(3)];
    }

    // Counts all pairs of all words anew for each merge.
    private static List<string> PlainMerges(string[] lines, int mergeCount)
    {
        BytePairEncoding characters = BytePairEncoding.Learn([], 0, lowerCase: false);
        List<List<string>> words = [.. lines.SelectMany(line => Words(characters, line))];
        var merges = new List<string>();
        while (merges.Count < mergeCount)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair).Where(group => group.Count() > 1)
                .OrderByDescending(group => group.Count()).ThenBy(group => CodePoints(group.Key.First), StringComparer.Ordinal)
                .ThenBy(group => CodePoints(group.Key.Second), StringComparer.Ordinal).FirstOrDefault();
            if (best is null) break;
            (string left, string right) = best.Key;
            merges.Add($"{left} {right}");
            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != left || word[i + 1] != right) continue;
                    word[i] += right;
                    word.RemoveAt(i + 1);
                }
            }
        }
        return merges;
    }

    // The words and marks of a line as characters: with no merges learned, the tokens are the characters.
    private static IEnumerable<List<string>> Words(BytePairEncoding characters, string line)
    {
        bool atStart = true;
        foreach (string word in new WordTokenizer(lowerCase: false).Tokenize(line))
        {
            // Only white space can stand between one match and the next.
            int start = line.IndexOf(word, StringComparison.Ordinal);
            bool afterSpace = atStart || start > 0;
            yield return [.. characters.Tokenize(word).Skip(afterSpace ? 0 : 1)];
            line = line[(start + word.Length)..];
            atStart = false;
        }
    }

    // Six digits a character, so that ordinal order is that of code points.
    private static string CodePoints(string text) =>
        string.Concat(text.EnumerateRunes().Select(character => character.Value.ToString("X6", System.Globalization.CultureInfo.InvariantCulture)));
}

using Benchmarks.Steps;
using Transformer.Autograd;
using Transformer.Training.Data;
using Xunit;

namespace Benchmarks.Tests.Steps;

public class StepPresetTests
{
    // Of the PyTorch programs, which print it.
    [Theory]
    [InlineData("tiny", 360_680)]
    [InlineData("small", 4_469_056)]
    [InlineData("gpt", 3_468_288)]
    public void Models_have_as_many_parameters_as_PyTorchs(string preset, long parameters) =>
        Assert.Equal(parameters, Workloads.New(StepPreset.Named(preset)).ParameterCount);

    [Fact]
    public void Random_sentences_are_between_half_and_the_whole_longest_length_and_the_first_has_it()
    {
        StepPreset preset = StepPreset.Named("tiny") with { BatchSize = 200, Length = 9 };
        Batch[] batches = RandomBatches.Translation(preset, seed: 3);
        Assert.Equal(4, batches.Length);
        foreach (Batch batch in batches)
        {
            Assert.Equal((200, 9, 9), (batch.Size, batch.SourceLength, batch.TargetLength));
            Assert.All(new[] { batch.Source, batch.TargetOutput }, side =>
            {
                int[] lengths = [.. side.Chunk(9).Select(row => row.Count(token => token != Vocabulary.Padding))];
                Assert.Equal(9, lengths[0]);
                Assert.Equal([4, 5, 6, 7, 8, 9], lengths.Distinct().Order());
                Assert.All(side, token => Assert.True(token == Vocabulary.Padding || (token > Vocabulary.End && token < preset.VocabularySize)));
            });
        }

        Assert.NotEqual(batches[0].Source, batches[1].Source);
        Assert.Equal(batches[2].Source, RandomBatches.Translation(preset, seed: 3)[2].Source);
    }

    [Fact]
    public void The_token_after_each_of_a_text_is_the_next_of_the_text()
    {
        StepPreset preset = StepPreset.Named("gpt") with { BatchSize = 3, Length = 10 };
        foreach ((Indices tokens, Indices next) in RandomBatches.Language(preset, seed: 3))
        {
            Assert.Equal([3, 10], tokens.Shape);
            foreach ((int[] row, int[] after) in tokens.Values.ToArray().Chunk(10).Zip(next.Values.ToArray().Chunk(10)))
                Assert.Equal(row[1..], after[..^1]);
        }
    }
}

using Transformer.Training.Data.BuiltIn;

namespace Transformer.Samples.Translate.Output;

/// <summary>The figures of the built-in corpus, narrow enough for 80 columns.</summary>
internal static class CorpusTable
{
    public static void Show(CorpusStatistics statistics, ConsoleOutput output)
    {
        output.Line("built-in corpus: German / English, lengths in words, crossing word order");
        output.Line("                    pairs  distinct words  mean length   longest  crossing");
        Row("training", statistics.Training);
        Row("validation", statistics.Validation);
        Row("test", statistics.Test);
        Row("combination test", statistics.CombinationTest);

        void Row(string name, SetStatistics set) => output.Line(
            $"{name,-16}  {set.Pairs,7:N0}   {set.SourceWords,5:N0} / {set.TargetWords,4:N0}   {set.MeanSourceLength,4:0.0} / {set.MeanTargetLength,4:0.0}   {set.LongestSource,2} / {set.LongestTarget,2}     {100 * set.CrossingShare,3:0} %");
    }
}

namespace Transformer.Training.Decoding;

/// <summary>A translation that a search found.</summary>
/// <param name="Tokens">Target tokens without &lt;bos&gt; and &lt;eos&gt;.</param>
/// <param name="LogProbability">ln p(tokens, eos | source), the sum over tokens; 0 from greedy search, which does not need it.</param>
/// <param name="Score">What the search ranks by: the log-probability over the length penalty.</param>
/// <param name="IsFinished">False where the length limit cut the sentence off before &lt;eos&gt;.</param>
public sealed record Hypothesis(IReadOnlyList<int> Tokens, double LogProbability, double Score, bool IsFinished);

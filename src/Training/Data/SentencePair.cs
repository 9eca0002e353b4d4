namespace Transformer.Training.Data;

/// <summary>A sentence and its translation, as they stand in the two files of a parallel corpus.</summary>
/// <param name="Source">The sentence that is translated from.</param>
/// <param name="Target">Its translation.</param>
public sealed record SentencePair(string Source, string Target);

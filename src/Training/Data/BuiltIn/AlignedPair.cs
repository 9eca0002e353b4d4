namespace Transformer.Training.Data.BuiltIn;

/// <summary>
/// A German sentence and its English translation with the alignment of their words. Indices count words and punctuation
/// marks alike, as the tokenization <c>\w+|[^\w\s]</c> does.
/// </summary>
/// <param name="Source">The German sentence.</param>
/// <param name="Target">The English sentence.</param>
/// <param name="Alignment">Pairs of token indices that mean the same; a token can occur in several pairs or in none.</param>
public sealed record AlignedPair(string Source, string Target, IReadOnlyList<(int Source, int Target)> Alignment)
{
    /// <summary>Whether two alignment links cross: i &lt; k while the partner of i stands after the partner of k.</summary>
    public bool HasCrossing
    {
        get
        {
            for (int a = 0; a < Alignment.Count; a++)
            {
                for (int b = a + 1; b < Alignment.Count; b++)
                {
                    (int Source, int Target) first = Alignment[a];
                    (int Source, int Target) second = Alignment[b];
                    if (Math.Sign(first.Source - second.Source) * Math.Sign(first.Target - second.Target) < 0)
                        return true;
                }
            }

            return false;
        }
    }
}

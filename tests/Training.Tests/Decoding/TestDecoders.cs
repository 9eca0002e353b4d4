using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Decoding;
using Xunit;

namespace Training.Tests.Decoding;

/// <summary>Rows as prefixes; a derived class turns each into the logits of its next token.</summary>
internal abstract class PrefixDecoder(int sentenceCount) : INextToken
{
    private List<(int Sentence, int[] Tokens)> rows = [.. Enumerable.Range(0, sentenceCount).Select(sentence => (sentence, Array.Empty<int>()))];

    public int RowCount => rows.Count;

    public int Calls { get; private set; }

    public Tensor Next(ReadOnlySpan<int> tokens)
    {
        Assert.Equal(rows.Count, tokens.Length);
        Assert.False(tokens.Contains(Vocabulary.End), "a finished hypothesis was continued");
        Calls++;
        for (int row = 0; row < tokens.Length; row++)
            rows[row] = (rows[row].Sentence, [.. rows[row].Tokens, tokens[row]]);
        return Logits(rows);
    }

    public void Select(ReadOnlySpan<int> kept)
    {
        List<(int, int[])> next = [];
        foreach (int row in kept)
            next.Add(rows[row]);
        rows = next;
    }

    protected abstract Tensor Logits(IReadOnlyList<(int Sentence, int[] Tokens)> prefixes);
}

/// <summary>Computes every prefix as a whole, again for each token: what cached keys and values have to agree with.</summary>
internal sealed class RecomputingDecoder(TransformerModel model, Indices source) : PrefixDecoder(source.Shape[0])
{
    protected override Tensor Logits(IReadOnlyList<(int Sentence, int[] Tokens)> prefixes)
    {
        int sourceLength = source.Shape[1];
        int length = prefixes[0].Tokens.Length;
        int[] sources = [.. prefixes.SelectMany(prefix => source.Values.Slice(prefix.Sentence * sourceLength, sourceLength).ToArray())];
        int[] targets = [.. prefixes.SelectMany(prefix => prefix.Tokens)];
        Tensor logits = model.Forward(new Indices(sources, [prefixes.Count, sourceLength]), new Indices(targets, [prefixes.Count, length]));
        return logits.Slice(1, length - 1, 1).Reshape(prefixes.Count, logits.Shape[2]);
    }
}

/// <summary>Logits from a function of the sentence and what came after &lt;bos&gt;.</summary>
internal sealed class FunctionDecoder(int sentenceCount, Func<int, int[], double[]> logits) : PrefixDecoder(sentenceCount)
{
    /// <summary>The logits are ln p: probabilities of eos and of words from 4 on; what is missing from 1 goes to no token.</summary>
    public static double[] LogProbabilities(double end, params double[] words) =>
        [double.NegativeInfinity, double.NegativeInfinity, Math.Log(end), double.NegativeInfinity, .. words.Select(word => Math.Log(word))];

    protected override Tensor Logits(IReadOnlyList<(int Sentence, int[] Tokens)> prefixes)
    {
        double[][] rows = [.. prefixes.Select(prefix => logits(prefix.Sentence, prefix.Tokens[1..]))];
        return Tensor.From([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], DType.Float64);
    }
}

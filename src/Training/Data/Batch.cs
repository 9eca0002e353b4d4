using System.Diagnostics;
using Transformer.Autograd;
using Transformer.Layers;

namespace Transformer.Training.Data;

/// <summary>
/// Sentence pairs side by side: packed, one after the other without padding, as the model trains; or as matrices of token numbers,
/// row by row, filled up with <see cref="Vocabulary.Padding"/> to the longest of the batch. Each is made when it is first asked for.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Batch
{
    private readonly IReadOnlyList<EncodedPair> pairs;

    /// <summary>Sets sentence pairs side by side.</summary>
    /// <param name="pairs">The data set; it is read whenever a form of the batch is first asked for, so it must stay as it is.</param>
    /// <param name="rows">Which of its pairs, one a row.</param>
    public Batch(IReadOnlyList<EncodedPair> pairs, IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(rows);
        this.pairs = pairs;
        Rows = rows;
        foreach (int row in rows)
        {
            int source = pairs[row].Source.Length;
            int target = pairs[row].Target.Length;
            if (source == 0 || target == 0) throw new ArgumentException($"pair {row} has an empty side", nameof(pairs));
            SourceLength = Math.Max(SourceLength, source);
            TargetLength = Math.Max(TargetLength, target);
            SourceTokens += source;
            TargetTokens += target;
        }
    }

    /// <summary>Which pair of the data set stands in which row.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The number of sentence pairs.</summary>
    public int Size => Rows.Count;

    /// <summary>The longest source, <c>&lt;eos&gt;</c> included.</summary>
    public int SourceLength { get; }

    /// <summary>The longest target, <c>&lt;eos&gt;</c> included.</summary>
    public int TargetLength { get; }

    /// <summary>How many entries of <see cref="Source"/> are not padding.</summary>
    public int SourceTokens { get; }

    /// <summary>How many entries of <see cref="TargetOutput"/> are not padding, and so of <see cref="TargetInput"/>.</summary>
    public int TargetTokens { get; }

    /// <summary>The encoder's input [batch, sourceLength].</summary>
    public int[] Source => field ??= Padded(Side.Source, SourceLength);

    /// <summary>The decoder's input [batch, targetLength]: the target shifted right by one, <c>&lt;bos&gt;</c> first.</summary>
    public int[] TargetInput => field ??= Padded(Side.TargetInput, TargetLength);

    /// <summary>What the decoder has to predict [batch, targetLength], <c>&lt;eos&gt;</c> last.</summary>
    public int[] TargetOutput => field ??= Padded(Side.TargetOutput, TargetLength);

    /// <summary>The encoder's input without padding.</summary>
    public PackedTokens PackedSource => field ??= Packed(Side.Source, SourceSentences);

    /// <summary>The decoder's input without padding.</summary>
    public PackedTokens PackedTargetInput => field ??= Packed(Side.TargetInput, TargetSentences);

    /// <summary>What the decoder has to predict, without padding.</summary>
    public PackedTokens PackedTargetOutput => field ??= Packed(Side.TargetOutput, TargetSentences);

    /// <inheritdoc/>
    public override string ToString() => $"batch of {Size}: source [{Size}, {SourceLength}], target [{Size}, {TargetLength}]";

    private Sequences SourceSentences => field ??= Sentences(static pair => pair.Source.Length);

    private Sequences TargetSentences => field ??= Sentences(static pair => pair.Target.Length);

    private Sequences Sentences(Func<EncodedPair, int> length)
    {
        int[] lengths = new int[Size];
        for (int i = 0; i < Size; i++) lengths[i] = length(pairs[Rows[i]]);
        return new Sequences(lengths);
    }

    private int[] Padded(Side side, int length)
    {
        // A new array is all zeros, and zero is the padding.
        Debug.Assert(Vocabulary.Padding == 0);
        int[] tokens = new int[Size * length];
        for (int i = 0; i < Size; i++) Copy(side, i, tokens.AsSpan(i * length));
        return tokens;
    }

    private PackedTokens Packed(Side side, Sequences sentences)
    {
        int[] tokens = new int[sentences.Total];
        for (int i = 0; i < Size; i++) Copy(side, i, tokens.AsSpan(sentences.Starts[i]));
        return new PackedTokens(Indices.Wrap(tokens, [1, sentences.Total]), sentences);
    }

    private void Copy(Side side, int row, Span<int> to)
    {
        EncodedPair pair = pairs[Rows[row]];
        switch (side)
        {
            case Side.Source:
                pair.Source.CopyTo(to);
                break;
            case Side.TargetInput:
                to[0] = Vocabulary.Begin;
                pair.Target.AsSpan(..^1).CopyTo(to[1..]);
                break;
            default:
                pair.Target.CopyTo(to);
                break;
        }
    }

    private enum Side
    {
        Source,
        TargetInput,
        TargetOutput,
    }
}

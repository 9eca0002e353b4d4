using System.Diagnostics;
using Transformer.Layers;

namespace Transformer.Training.Data;

/// <summary>
/// Sentence pairs side by side as matrices of token numbers, row by row, filled up with <see cref="Vocabulary.Padding"/> to
/// the longest of the batch.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Batch
{
    /// <summary>Sets sentence pairs side by side.</summary>
    /// <param name="pairs">The data set.</param>
    /// <param name="rows">Which of its pairs, one a row.</param>
    public Batch(IReadOnlyList<EncodedPair> pairs, IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
        foreach (int row in rows)
        {
            SourceLength = Math.Max(SourceLength, pairs[row].Source.Length);
            TargetLength = Math.Max(TargetLength, pairs[row].Target.Length);
            SourceTokens += pairs[row].Source.Length;
            TargetTokens += pairs[row].Target.Length;
        }
        // A new array is all zeros, and zero is the padding.
        Debug.Assert(Vocabulary.Padding == 0);
        Source = new int[Size * SourceLength];
        TargetInput = new int[Size * TargetLength];
        TargetOutput = new int[Size * TargetLength];
        for (int i = 0; i < Size; i++)
        {
            int[] source = pairs[rows[i]].Source;
            int[] target = pairs[rows[i]].Target;
            if (source.Length == 0 || target.Length == 0) throw new ArgumentException($"pair {rows[i]} has an empty side", nameof(pairs));
            source.CopyTo(Source.AsSpan(i * SourceLength));
            target.CopyTo(TargetOutput.AsSpan(i * TargetLength));
            TargetInput[i * TargetLength] = Vocabulary.Begin;
            target.AsSpan(..^1).CopyTo(TargetInput.AsSpan(i * TargetLength + 1));
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
    public int[] Source { get; }

    /// <summary>The decoder's input [batch, targetLength]: the target shifted right by one, <c>&lt;bos&gt;</c> first.</summary>
    public int[] TargetInput { get; }

    /// <summary>What the decoder has to predict [batch, targetLength], <c>&lt;eos&gt;</c> last.</summary>
    public int[] TargetOutput { get; }

    /// <summary>The encoder's input without padding.</summary>
    public PackedTokens PackedSource => field ??= PackedTokens.FromPadded(Source, SourceLength, Vocabulary.Padding);

    /// <summary>The decoder's input without padding.</summary>
    public PackedTokens PackedTargetInput => field ??= PackedTokens.FromPadded(TargetInput, TargetLength, Vocabulary.Padding);

    /// <summary>What the decoder has to predict, without padding.</summary>
    public PackedTokens PackedTargetOutput => field ??= PackedTokens.FromPadded(TargetOutput, TargetLength, Vocabulary.Padding);

    /// <inheritdoc/>
    public override string ToString() => $"batch of {Size}: source [{Size}, {SourceLength}], target [{Size}, {TargetLength}]";
}

using System.Collections.Frozen;

namespace Transformer.Autograd.Debugging;

/// <summary>What reaches an input element's gradient through one element of the output.</summary>
/// <param name="Position">Which element of the output.</param>
/// <param name="Factor">∂y/∂x; 1 where there is but one term, whose amount was recorded.</param>
/// <param name="Amount">∂y/∂x · ∂L/∂y.</param>
internal readonly record struct Term(int Position, double Factor, double Amount);

/// <summary>What one input element puts into an output element.</summary>
/// <param name="Input">Which of the operation's inputs.</param>
/// <param name="Position">Which element of it.</param>
/// <param name="Amount">Its part of the output; of a product's factors each counts whole.</param>
internal readonly record struct Source(int Input, int Position, double Amount);

/// <summary>
/// How elements of inputs and output belong together, by kind of operation: where a gradient comes from and where a
/// value comes from. A new kind is one row here.
/// </summary>
internal static class OperationTerms
{
    private delegate IEnumerable<Term> BackwardTerms(TimelineEvent entry, Contribution contribution, int position);

    private delegate IEnumerable<Source> ForwardTerms(RecordedOperation operation, int position);

    private static readonly FrozenDictionary<string, (BackwardTerms Backward, ForwardTerms Forward)> Kinds = Table();

    /// <summary>False for an operation from outside the library, of which no derivative is known here.</summary>
    public static bool Knows(string kind) => Kinds.ContainsKey(kind);

    /// <summary>The terms whose sum the operation contributed to one element's gradient.</summary>
    public static IReadOnlyList<Term> Backward(TimelineEvent entry, Contribution contribution, int position) =>
        Kinds.TryGetValue(entry.Operation!.Kind, out (BackwardTerms Backward, ForwardTerms Forward) kind)
            ? [.. kind.Backward(entry, contribution, position)]
            : GuessBackward(entry, contribution, position);

    /// <summary>The input elements that an output element was computed from.</summary>
    public static IReadOnlyList<Source> Forward(RecordedOperation operation, int position) =>
        Kinds.TryGetValue(operation.Kind, out (BackwardTerms Backward, ForwardTerms Forward) kind)
            ? [.. kind.Forward(operation, position)]
            : GuessForward(operation);

    private static FrozenDictionary<string, (BackwardTerms Backward, ForwardTerms Forward)> Table()
    {
        Dictionary<string, (BackwardTerms, ForwardTerms)> table = new()
        {
            ["Linear"] = (MatrixTerms.LinearBackward, MatrixTerms.LinearForward),
            ["MatMul"] = (MatrixTerms.MatMulBackward, MatrixTerms.MatMulForward),
            ["Softmax"] = (RowTerms.SoftmaxBackward, RowTerms.SoftmaxForward),
            ["LogSoftmax"] = (RowTerms.SoftmaxBackward, RowTerms.SoftmaxForward),
            ["LayerNorm"] = (RowTerms.LayerNormBackward, RowTerms.LayerNormForward),
            ["CrossEntropy"] = (RowTerms.CrossEntropyBackward, RowTerms.CrossEntropyForward),
            ["Gather"] = (PlaceTerms.GatherBackward, PlaceTerms.GatherForward),
            ["ScaledDotProductAttention"] = (AttentionTerms.Backward, AttentionTerms.Forward),
        };
        foreach (string kind in (string[])["Negate", "Scale", "Power", "Exp", "Log", "Sqrt", "Abs", "Tanh", "Sigmoid", "Relu", "Gelu", "GeluTanh", "Dropout", "Reshape", "Permute", "Slice", "Concatenate"])
            table[kind] = (PlaceTerms.Backward, PlaceTerms.Forward);
        foreach (string kind in (string[])["Sum", "Mean", "Max", "Variance"])
            table[kind] = (ReductionTerms.Backward, ReductionTerms.Forward);
        foreach (string kind in (string[])["Add", "Subtract", "Multiply", "Divide", "Where"])
            table[kind] = (PairTerms.Backward, PairTerms.Forward);
        return table.ToFrozenDictionary();
    }

    // Nothing is known of the derivative: what was contributed is spread over the output in proportion to |dy|.
    private static List<Term> GuessBackward(TimelineEvent entry, Contribution contribution, int position)
    {
        double whole = contribution.Values.ValueAt(position);
        double[] dy = [.. Enumerable.Range(0, entry.Gradient!.Count).Select(j => Elements.Magnitude(entry.Gradient.ValueAt(j)))];
        double sum = dy.Sum();
        return [.. dy.Select((value, j) => new Term(j, 1, whole * Elements.Share(value, sum)))];
    }

    private static List<Source> GuessForward(RecordedOperation operation) =>
        [.. operation.Inputs.SelectMany((input, i) =>
            Enumerable.Range(0, input.Values.Count).Select(p => new Source(i, p, input.Values.ValueAt(p))))];
}

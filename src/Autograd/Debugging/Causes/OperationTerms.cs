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

    private static readonly FrozenDictionary<string, KindTerms> Kinds = Table();

    /// <summary>The operation's kind; empty for one from outside the library, of which no derivative is known here.</summary>
    public static string KindOf(RecordedOperation operation) =>
        Kinds.TryGetValue(operation.Kind, out KindTerms? kind) && kind.Attributes == operation.Attributes?.GetType() ? operation.Kind : string.Empty;

    /// <summary>False where <see cref="KindOf"/> is empty.</summary>
    public static bool Knows(RecordedOperation operation) => KindOf(operation).Length > 0;

    /// <summary>The terms whose sum the operation contributed to one element's gradient.</summary>
    public static IReadOnlyList<Term> Backward(TimelineEvent entry, Contribution contribution, int position) =>
        Knows(entry.Operation!)
            ? [.. Kinds[entry.Operation!.Kind].Backward(entry, contribution, position)]
            : GuessBackward(entry, contribution, position);

    /// <summary>The input elements that an output element was computed from.</summary>
    public static IReadOnlyList<Source> Forward(RecordedOperation operation, int position) =>
        Knows(operation)
            ? [.. Kinds[operation.Kind].Forward(operation, position)]
            : GuessForward(operation);

    private static FrozenDictionary<string, KindTerms> Table()
    {
        Dictionary<string, KindTerms> table = new()
        {
            ["Linear"] = new(MatrixTerms.LinearBackward, MatrixTerms.LinearForward),
            ["MatMul"] = new(MatrixTerms.MatMulBackward, MatrixTerms.MatMulForward, typeof(MatMulAttributes)),
            ["Softmax"] = new(RowTerms.SoftmaxBackward, RowTerms.SoftmaxForward),
            ["LogSoftmax"] = new(RowTerms.SoftmaxBackward, RowTerms.SoftmaxForward),
            ["LayerNorm"] = new(RowTerms.LayerNormBackward, RowTerms.LayerNormForward, typeof(LayerNormAttributes)),
            ["ResidualLayerNorm"] = new(ResidualTerms.LayerNormBackward, ResidualTerms.LayerNormForward, typeof(ResidualLayerNormAttributes)),
            ["ResidualDropout"] = new(ResidualTerms.DropoutBackward, ResidualTerms.DropoutForward, typeof(DropoutAttributes)),
            ["ActivatedLinear"] = new(ActivatedTerms.Backward, ActivatedTerms.Forward, typeof(ActivatedLinearAttributes)),
            ["CrossEntropy"] = new(RowTerms.CrossEntropyBackward, RowTerms.CrossEntropyForward, typeof(CrossEntropyAttributes)),
            ["ProjectedCrossEntropy"] = new(RowTerms.CrossEntropyBackward, ProjectionTerms.Forward, typeof(CrossEntropyAttributes)),
            ["Gather"] = new(EmbeddingTerms.Backward, EmbeddingTerms.Forward, typeof(GatherAttributes)),
            ["TokenEmbedding"] = new(EmbeddingTerms.Backward, EmbeddingTerms.Forward, typeof(TokenEmbeddingAttributes)),
            ["ScaledDotProductAttention"] = new(AttentionTerms.Backward, AttentionTerms.Forward, typeof(AttentionAttributes)),
            ["Where"] = new(PairTerms.Backward, PairTerms.Forward, typeof(WhereAttributes)),
            ["Variance"] = new(ReductionTerms.Backward, ReductionTerms.Forward, typeof(VarianceAttributes)),
            ["Scale"] = Place(typeof(ScaleAttributes)),
            ["Power"] = Place(typeof(PowerAttributes)),
            ["Dropout"] = Place(typeof(DropoutAttributes)),
            ["Reshape"] = Place(typeof(ReshapeAttributes)),
            ["Permute"] = Place(typeof(PermuteAttributes)),
            ["Slice"] = Place(typeof(SliceAttributes)),
            ["Concatenate"] = Place(typeof(ConcatenateAttributes)),
        };
        foreach (string kind in (string[])["Negate", "Erf", "Exp", "Log", "Sqrt", "Abs", "Tanh", "Sigmoid", "Relu", "Gelu", "GeluTanh"])
            table[kind] = Place(null);
        foreach (string kind in (string[])["Sum", "Mean", "Max"])
            table[kind] = new(ReductionTerms.Backward, ReductionTerms.Forward, typeof(ReductionAttributes));
        foreach (string kind in (string[])["Add", "Subtract", "Multiply", "Divide"])
            table[kind] = new(PairTerms.Backward, PairTerms.Forward);
        return table.ToFrozenDictionary();
    }

    private static KindTerms Place(Type? attributes) => new(PlaceTerms.Backward, PlaceTerms.Forward, attributes);

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

    // An operation of the program's own may bear a kind's name; its attributes are then of another class.
    private sealed record KindTerms(BackwardTerms Backward, ForwardTerms Forward, Type? Attributes = null);
}

using System.Collections.Frozen;

namespace Transformer.Autograd.Debugging;

/// <summary>Kind of operation → its formula. A new operation gets a row here.</summary>
internal static class FormulaTable
{
    public static IReadOnlyDictionary<string, OperationFormula> All { get; } = new Dictionary<string, OperationFormula>
    {
        ["Add"] = BinaryFormulas.Add,
        ["Subtract"] = BinaryFormulas.Subtract,
        ["Multiply"] = BinaryFormulas.Multiply,
        ["Divide"] = BinaryFormulas.Divide,
        ["Negate"] = ElementwiseFormulas.Negate,
        ["Scale"] = ElementwiseFormulas.Scale,
        ["Power"] = ElementwiseFormulas.Power,
        ["Erf"] = ElementwiseFormulas.Erf,
        ["Exp"] = ElementwiseFormulas.Exp,
        ["Log"] = ElementwiseFormulas.Log,
        ["Sqrt"] = ElementwiseFormulas.Sqrt,
        ["Abs"] = ActivationFormulas.Abs,
        ["Tanh"] = ActivationFormulas.Tanh,
        ["Sigmoid"] = ActivationFormulas.Sigmoid,
        ["Relu"] = ActivationFormulas.Relu,
        ["Gelu"] = ActivationFormulas.Gelu,
        ["GeluTanh"] = ActivationFormulas.GeluTanh,
        ["Sum"] = new SumFormula(),
        ["Mean"] = new MeanFormula(),
        ["Variance"] = new VarianceFormula(),
        ["Max"] = new MaxFormula(),
        ["Reshape"] = new ReshapeFormula(),
        ["Permute"] = new PermuteFormula(),
        ["Concatenate"] = new ConcatenateFormula(),
        ["Slice"] = new SliceFormula(),
        ["Gather"] = new GatherFormula(),
        ["TokenEmbedding"] = new TokenEmbeddingFormula(),
        ["Where"] = new WhereFormula(),
        ["MatMul"] = new MatMulFormula(),
        ["Linear"] = new LinearFormula(),
        ["Softmax"] = new SoftmaxFormula(),
        ["LogSoftmax"] = new LogSoftmaxFormula(),
        ["CrossEntropy"] = new CrossEntropyFormula(),
        ["ProjectedCrossEntropy"] = new ProjectedCrossEntropyFormula(),
        ["LayerNorm"] = new LayerNormFormula(),
        ["ResidualLayerNorm"] = new ResidualLayerNormFormula(),
        ["ResidualDropout"] = new ResidualDropoutFormula(),
        ["ActivatedLinear"] = new ActivatedLinearFormula(),
        ["Dropout"] = ElementwiseFormulas.Dropout,
        ["ScaledDotProductAttention"] = new AttentionFormula(),
    }.ToFrozenDictionary();

    /// <summary>The formula of an operation, or null where none is known: a user's own.</summary>
    public static OperationFormula? Of(RecordedOperation operation) =>
        All.TryGetValue(operation.Kind, out OperationFormula? formula) && formula.Fits(operation) ? formula : null;
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>No operation is without a formula, and the text is that of the operation's own comments.</summary>
public class FormulaTableTests
{
    public static IEnumerable<object[]> Kinds => OperationCatalogue.Makers.Keys.Order(StringComparer.Ordinal).Select(kind => new object[] { kind });

    [Fact]
    public void Every_operation_of_the_catalogue_has_a_formula() =>
        Assert.Equal(
            OperationCatalogue.Makers.Keys.Order(StringComparer.Ordinal), FormulaTable.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_general_formulas_stand_as_comments_in_the_operations_file(string kind)
    {
        OperationFormula formula = FormulaTable.All[kind];
        string[] comments =
        [
            .. File.ReadLines(Path.Combine(Root(), "src", "Autograd", "Operations", kind + ".cs"))
                .Select(line => line.Trim()).Where(line => line.StartsWith("// ", StringComparison.Ordinal)),
        ];
        foreach (string part in Parts(formula.Forward).Concat(Inputs(kind).SelectMany(one => Parts(formula.Backward(one.Operation, one.Input, one.At)))))
            Assert.Contains(comments, comment => comment.Contains(part, StringComparison.Ordinal));
    }

    // Several formulas in one line are set apart by wide space, or by a comma.
    private static string[] Parts(string general) => general.Split(["        ", ",  "], StringSplitOptions.None);

    private static IEnumerable<(RecordedOperation Operation, int Input, Place At)> Inputs(string kind)
    {
        int[] counts = kind switch
        {
            "Add" or "Subtract" or "Multiply" or "Divide" or "Where" or "MatMul" or "ResidualDropout" or "TokenEmbedding" => [2],
            "Linear" or "LayerNorm" or "ActivatedLinear" or "ProjectedCrossEntropy" => [3],
            "ResidualLayerNorm" => [4],
            "ScaledDotProductAttention" => [1, 2, 3],
            _ => [1],
        };
        RecordedTensor tensor = new(0, "x", [1, 1, 1], DType.Float64, RecordedValues.CopyOf(Tensor.Zeros([1, 1, 1], DType.Float64)));
        object? attributes = kind == "MatMul" ? new MatMulAttributes(false, false) : null;
        return
            from count in counts
            from input in Enumerable.Range(0, count)
            select (new RecordedOperation(1, kind, [.. Enumerable.Repeat(tensor, count)], tensor, attributes), input, new Place(0, 0, 0));
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Transformer.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Transformer.sln is in no folder above the tests.");
    }
}

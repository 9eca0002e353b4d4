namespace Transformer.Autograd.Debugging;

/// <summary>Rows of a table, scaled, plus rows of the positions, and dropout with the mask m.</summary>
internal sealed class TokenEmbeddingFormula : OperationFormula
{
    private static readonly string[] Names = ["table", "positions"];

    private static readonly string[] Derivatives =
    [
        "∂L/∂table[t, :] += scale Σᵢ dropout(∂L/∂y)[i, :] over all i with tokenᵢ = t; 0 for the padding row",
        "∂L/∂positions[p, :] += Σᵢ dropout(∂L/∂y)[i, :] over all i with positionᵢ = p",
    ];

    public override string Forward => "y[i, :] = dropout(scale · table[tokenᵢ, :] + positions[positionᵢ, :])";

    public override string Backward(RecordedOperation operation, int input, Place at) => Derivatives[input];

    public override string Name(RecordedOperation operation, int input) => Names[input];

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 2, Attributes: TokenEmbeddingAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        TokenEmbeddingAttributes attributes = numbers.Attributes<TokenEmbeddingAttributes>();
        int use = at.WithoutLast().Offset(attributes.Tokens.Shape);
        int token = attributes.Tokens.Values[use];
        int position = attributes.Positions.Values[use % attributes.Positions.Values.Length];
        Expression sum = (Scale(attributes) * numbers.Input(0, "table")[token, at[-1]]) + numbers.Input(1, "positions")[position, at[-1]];
        Derivation dropped = Masking.Of(numbers, at, sum);
        string rows = FormattableString.Invariant($"token {token} at position {position}");
        return dropped with { Remark = dropped.Remark.Length == 0 ? rows : $"{rows}, {dropped.Remark}" };
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        TokenEmbeddingAttributes attributes = numbers.Attributes<TokenEmbeddingAttributes>();
        int row = at[0].Value;
        if (input == 0 && row == attributes.PaddingRow)
            return new(0, FormattableString.Invariant($"token {row} is the padding row: its uses contribute nothing"));
        Shape shape = attributes.Tokens.Shape;
        Place[] uses = [.. UsesOf(row, input == 0 ? attributes.Tokens : attributes.Positions, shape).Select(use => Place.At(shape, use))];
        Derivation sum = GatherFormula.OverUses(uses, row, at[1], input == 0 ? "token" : "position", Dropped, Symbols(numbers));
        return input == 0 && uses.Length > 0 ? sum with { Expression = Scale(attributes) * sum.Expression } : sum;

        Expression Dropped(Place use) => Masking.Of(numbers, use.Then(at[1]), numbers.Dy[use.Then(at[1])]).Expression;
    }

    private static Expression Scale(TokenEmbeddingAttributes attributes) => Expression.Named("scale", attributes.Scale);

    private static string Symbols(OperationNumbers numbers) => numbers.Saved("mask", "m") is null ? "dy" : "dropout(dy)";

    // Positions repeat along the tokens' first axes.
    private static IEnumerable<int> UsesOf(int row, Indices numbers, Shape tokens) =>
        from start in Enumerable.Range(0, numbers.Values.Length == 0 ? 0 : tokens.ElementCount / numbers.Values.Length)
        from use in GatherFormula.UsesOf(row, numbers)
        select (start * numbers.Values.Length) + use;
}

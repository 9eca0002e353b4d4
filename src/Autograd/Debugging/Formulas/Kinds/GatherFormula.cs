namespace Transformer.Autograd.Debugging;

/// <summary>Rows of a table: an embedding.</summary>
internal sealed class GatherFormula : OperationFormula
{
    private const int MostPlacesNamed = 4;

    public override string Forward => "y[i, :] = table[rowᵢ, :]";

    public override string Backward(RecordedOperation operation, int input, Place at) =>
        "∂L/∂table[r, :] += Σᵢ ∂L/∂y[i, :] over all i with rowᵢ = r; 0 for the padding row";

    public override string Name(RecordedOperation operation, int input) => "table";

    public override bool Fits(RecordedOperation operation) => operation is { Inputs.Count: 1, Attributes: GatherAttributes };

    public override Derivation OfOutput(OperationNumbers numbers, Place at)
    {
        Indices rows = numbers.Attributes<GatherAttributes>().Rows;
        Place use = at.WithoutLast();
        int row = rows.Values[use.Offset(rows.Shape)];
        return new(
            Expression.Chosen($"table[row{use},{at[-1]}]", numbers.Input(0, "table")[row, at[-1]]),
            FormattableString.Invariant($"row{use} = {row}"));
    }

    public override Derivation OfInput(OperationNumbers numbers, int input, Place at)
    {
        GatherAttributes attributes = numbers.Attributes<GatherAttributes>();
        Shape shape = attributes.Rows.Shape;
        int row = at[0].Value;
        if (row == attributes.PaddingRow)
            return new(0, FormattableString.Invariant($"row {row} is the padding row: its uses contribute nothing"));
        Place[] uses = [.. UsesOf(row, attributes.Rows).Select(position => Place.At(shape, position))];
        return OverUses(uses, row, at[1], "row", use => numbers.Dy[use.Then(at[1])], "dy");
    }

    /// <summary>What comes back from all places that used a row.</summary>
    internal static Derivation OverUses(Place[] uses, int row, Coordinate column, string name, Func<Place, Expression> term, string symbol)
    {
        if (uses.Length == 0)
            return new(0, FormattableString.Invariant($"{name} {row} was not used"));
        string places = string.Join(", ", uses.Take(MostPlacesNamed).Select(place => place.ToString()));
        string remark = uses.Length == 1 && places.Length == 0
            ? FormattableString.Invariant($"{name} {row} was used once")
            : FormattableString.Invariant($"{name} {row} was used in {uses.Length} place{(uses.Length == 1 ? string.Empty : "s")}: {places}{(uses.Length > MostPlacesNamed ? ", …" : string.Empty)}");
        IEnumerable<Expression> terms = uses.Select(term);
        return uses.Length == 1
            ? new(terms.Single(), remark)
            : new(Sum.Of(FormattableString.Invariant($"Σ {symbol}[i,{column}] over all i with {name}[i] = {row}"), terms), remark);
    }

    internal static List<int> UsesOf(int row, Indices rows)
    {
        List<int> uses = [];
        for (int i = 0; i < rows.Values.Length; i++)
        {
            if (rows.Values[i] == row)
                uses.Add(i);
        }

        return uses;
    }
}

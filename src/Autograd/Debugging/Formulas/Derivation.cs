namespace Transformer.Autograd.Debugging;

/// <summary>How one number comes about.</summary>
/// <param name="Expression">Letters, numbers and value.</param>
/// <param name="Remark">What to know about it, in a few words: on which side of a ReLU, how many places were summed over.</param>
internal sealed record Derivation(Expression Expression, string Remark = "")
{
    /// <summary>Quantities that the expression names, with expressions of their own.</summary>
    public IReadOnlyList<(string Name, Expression Expression)> Where { get; init; } = [];

    public static implicit operator Derivation(Expression expression) => new(expression);

    /// <summary>name = letters (remark) = numbers = value.</summary>
    public string Line(string name) => Line(name, Expression, Remark);

    /// <summary>The lines that define what the expression names.</summary>
    public IEnumerable<string> Definitions() => Where.Select(one => Line(one.Name, one.Expression, string.Empty));

    private static string Line(string name, Expression expression, string remark)
    {
        string symbols = expression.Write(Form.Symbols).Content;
        string value = Text.Of(expression.Value).Content;
        List<string> parts = [name];
        if (symbols != value && symbols != name)
            parts.Add(symbols);
        if (remark.Length > 0)
            parts[^1] += $" ({remark})";
        string[] steps = [expression.Write(Form.Numbers).Content, expression.Write(Form.Totals).Content, value];
        parts.AddRange(steps.Where((step, i) => i == steps.Length - 1 || (step != steps[i + 1] && step != value)));
        return string.Join(" = ", parts);
    }
}

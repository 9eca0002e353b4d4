using System.Globalization;
using Transformer.Autograd.Debugging.Sessions.Addresses;
using Transformer.Autograd.Debugging.Sessions.Expressions;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Breakpoints;

/// <summary>Reads what follows <c>break</c>: one of the short forms or an expression, then perhaps <c>if</c> and another.</summary>
internal static class BreakpointParser
{
    /// <summary>The short forms.</summary>
    public static IReadOnlyList<string> Words { get; } = ["kind", "module", "parameter", "nan", "shape", "if"];

    public static Condition Parse(Scanner scanner, RecordingIndex index)
    {
        ExpressionParser parser = new(scanner, index);
        Condition trigger = scanner.Take("if") ? OnceTrue(parser) : ShortForm(scanner, index) ?? OnceTrue(parser);
        if (scanner.Take("if"))
        {
            // The condition first: it may say what the rest cannot be asked of.
            trigger = new And(parser.Expression(), trigger);
        }

        scanner.End();
        return trigger;
    }

    private static Condition OnceTrue(ExpressionParser parser)
    {
        Condition condition = parser.Expression();
        return condition.IsOfEvent ? condition : new Becomes(condition);
    }

    // Null where it is an expression that begins with the same word: module ~ *.norm1, nan(x) > 0.
    private static Condition? ShortForm(Scanner scanner, RecordingIndex index)
    {
        int start = scanner.Position;
        string word = scanner.Name();
        int column = scanner.Position;
        switch (word)
        {
            case "nan" when scanner.AtEnd || scanner.Line[column..].StartsWith("if ", StringComparison.Ordinal):
                return new NonFinite();
            case "shape":
                return new ShapeIs(Sizes(scanner));
            case "kind" or "module" or "parameter" when scanner.AtEnd:
                throw new CommandException($"which {word}? For example break {word} {Example(word, index)}", column);
            case "kind" when scanner.Name() is { Length: > 0 } kind:
                Known(kind, index.Kinds.Concat(OperationCatalogue.Makers.Keys), "operation", column);
                return new KindIs(kind);
            case "module" when scanner.Name() is { Length: > 0 } module:
                Known(module, index.Modules.SelectMany(WithOuter), "module", column);
                return new EntersModule(module);
            case "parameter" when scanner.Name() is { Length: > 0 } parameter:
                return new Touches(NameOf(parameter, index, column));
            default:
                scanner.Position = start;
                return null;
        }
    }

    private static string Example(string word, RecordingIndex index) => word switch
    {
        "kind" => index.Kinds is [var kind, ..] ? kind : "Softmax",
        "module" => index.Modules is [var module, ..] ? module : "encoder.*",
        _ => index.Recording.Tensors.FirstOrDefault(tensor => tensor.Name.Length > 0)?.Name ?? "*.weight",
    };

    private static string NameOf(string name, RecordingIndex index, int column)
    {
        if (!Glob.IsPattern(name) && AddressParser.Find(name, index) is { Kind: AddressKind.Value } address)
            return name.Contains('@', StringComparison.Ordinal) ? index.Reference(address.Tensor) : address.Tensor.Label;
        return index.Labels.Any(label => Glob.Matches(name, label)) ? name : throw AddressParser.Unknown(name, index, column);
    }

    private static void Known(string pattern, IEnumerable<string> names, string what, int column)
    {
        if (!names.Any(name => Glob.Matches(pattern, name)))
            throw new CommandException($"there is no {what} {pattern}{Nearest.Hint(pattern, names)}", column);
    }

    /// <summary>A module and all around it, outermost first.</summary>
    public static IEnumerable<string> WithOuter(string module)
    {
        for (int end = module.IndexOf('.'); end >= 0; end = module.IndexOf('.', end + 1))
            yield return module[..end];
        yield return module;
    }

    private static int?[] Sizes(Scanner scanner)
    {
        string brackets = scanner.Brackets(out int column)
            ?? throw new CommandException("a shape is missing here, such as [2, 3] or [*, 3]", scanner.Position);
        return [.. brackets.Trim().Length == 0 ? [] : brackets.Split(',').Select(Size)];

        int? Size(string text) =>
            text.Trim() == "*" ? null
            : int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int size) ? size
            : throw new CommandException($"'{text.Trim()}' is no size", column);
    }
}

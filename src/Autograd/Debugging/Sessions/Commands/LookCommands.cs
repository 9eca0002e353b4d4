using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Graph() : SessionCommand(
    "graph", "graph [DEPTH] [#OPERATION]", "the operations around the present one, as a tree", "Depth 2 unless given, at most 6.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        int depth = 2;
        if (!arguments.AtEnd && char.IsAsciiDigit(arguments.Line[arguments.Position]))
            depth = Math.Min(arguments.Count(2), 6);
        RecordedOperation operation = OperationOf(session, arguments);
        return new GraphText(session.Ink, session.View, depth).Of(operation);
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Addresses(session);

    /// <summary>The operation that an address names, or the present one; at the start and between passes the nearest.</summary>
    public static RecordedOperation OperationOf(SessionState session, Scanner arguments)
    {
        SessionView view = session.View;
        if (!arguments.AtEnd)
        {
            int start = arguments.Position;
            Addresses.Address address = Addresses.AddressParser.Parse(arguments, view);
            arguments.End();
            return address.Operation ?? address.Tensor.Producer
                ?? throw new CommandException($"{address.Name} is a leaf: no operation made it", start);
        }

        return view.Here?.Operation ?? view.Here?.Tensor.Producer ?? (view.Recording.Operations is [var first, ..]
            ? first
            : throw new CommandException("the recording holds no operation"));
    }
}

internal sealed class Source() : SessionCommand(
    "source", "source [#OPERATION]", "the line of the program, and the layer's, that ran the operation", "With the text that stood there when it was recorded.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        RecordedOperation operation = Graph.OperationOf(session, arguments);
        List<string> lines = [];
        void Add(string what, SourceFrame frame) => lines.Add($"{what} {session.Ink.Name(frame.ToString())} {frame.Method}\n    {frame.Text}");
        if (operation.UserLine is { } user)
            Add("program", user);
        if (operation.LayerLine is { } layer && layer != operation.UserLine)
            Add("layer  ", layer);
        return $"{operation}\n" + (lines.Count > 0 ? string.Join('\n', lines) : "the recording has no source lines");
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => Completions.Addresses(session);
}

internal sealed class Tensors() : SessionCommand("tensors", "tensors [GLOB]", "the tensors with shapes and statistics", "Without a pattern: the leaves and what the program named.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        string pattern = arguments.Rest();
        RecordingIndex index = session.View.Index;
        IEnumerable<string> lines = session.View.Recording.Tensors
            .Where(tensor => pattern.Length == 0 ? tensor.Producer is null || tensor.Name.Length > 0 : Glob.Matches(pattern, index.Reference(tensor)) || Glob.Matches(pattern, tensor.Label)
                || Glob.Matches(pattern, tensor.Name))
            .Select(tensor => $"{session.Ink.Name(index.Reference(tensor))} {tensor.Shape} {tensor.DType}{What(tensor)}  {session.Values.Inline(tensor.Values)}");
        return string.Join('\n', lines.DefaultIfEmpty(pattern.Length == 0 ? "no tensors" : $"no tensor is called {pattern}{Nearest.Hint(pattern, index.Labels)}"));
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => session.View.Index.Labels;

    private static string What(RecordedTensor tensor) =>
        tensor.IsParameter ? " parameter" : tensor.Producer is { } producer ? $" ← #{producer.Number} {producer.Kind}" : " leaf";
}

internal sealed class Operations() : SessionCommand("operations", "operations [GLOB]", "the operations, by kind or module", "The pattern is compared with the kind and with the module.", "ops")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        string pattern = arguments.Rest();
        IEnumerable<string> lines = session.View.Recording.Operations
            .Where(operation => pattern.Length == 0 || Glob.Matches(pattern, operation.Kind) || Glob.Outermost(pattern, operation.Module) is not null)
            .Select(operation => session.Place.Operation(operation, session.View.Index) + (operation.Module.Length > 0 ? $"  in {operation.Module}" : ""));
        return string.Join('\n', lines.DefaultIfEmpty(
            pattern.Length == 0 ? "no operations" : $"no operation or module is called {pattern}{Nearest.Hint(pattern, session.View.Index.Kinds)}"));
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) =>
        session.View.Index.Kinds.Concat(session.View.Index.Modules);
}

internal sealed class Gradients() : SessionCommand(
    "gradients", "gradients [GLOB]", "the norm of each leaf's gradient at this place",
    "And what share of it is 0; a dash where nothing has arrived. Of a parameter that was edited on the way, the version at this place.")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        string pattern = arguments.Rest();
        SessionView view = session.View;
        RecordedTensor[] leaves =
        [
            .. view.Recording.Tensors.Where(tensor => tensor.Producer is null && tensor.RequiresGradient
                && view.Index.VersionAt(tensor, view.Cursor) == tensor && (tensor.EarlierVersion is null || view.Index.VersionAt(tensor.EarlierVersion, view.Cursor) == tensor)
                && (pattern.Length == 0 || Glob.Matches(pattern, tensor.Label) || Glob.Matches(pattern, tensor.Name))),
        ];
        int width = leaves.Select(tensor => view.Index.Reference(tensor).Length).DefaultIfEmpty(0).Max();
        IEnumerable<string> lines = leaves.Select(tensor => $"{session.Ink.Name(view.Index.Reference(tensor).PadRight(width))}  {Norm(session, view.Gradients.OfKept(tensor, view.Cursor))}");
        return string.Join('\n', lines.DefaultIfEmpty("no leaf requires a gradient" + (pattern.Length > 0 ? $" and is called {pattern}" : "")));
    }

    private static string Norm(SessionState session, RecordedValues? gradient)
    {
        if (gradient is null)
            return "-";
        TensorStatistics statistics = gradient.Statistics;
        string text = "norm " + session.Numbers.Of(statistics.Norm);
        text += statistics.Zeros > 0 ? $"  zeros {NumberText.Percent(statistics.ZeroShare)}" : string.Empty;
        return statistics.IsFinite ? text : text + session.Ink.Bad($"  NaN {statistics.NaNs} inf {statistics.Infinities}");
    }
}

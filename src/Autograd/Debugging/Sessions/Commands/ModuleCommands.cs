using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

internal sealed class Into() : SessionCommand(
    "into", "into", "into the fused operation here, else into the next module",
    "At a fused operation: its composed form, recomputed beside it, as a recording of its own from which 'out' returns.\n"
    + "Anywhere else: on to the first operation of the next module that one is not in yet.", "i")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        SessionView view = session.View;
        if (view.Here?.Operation is { } operation && OperationCatalogue.Knows(operation.Kind)
            && ComposedForm.Of(view.Recording, operation) is { } composed)
            return Enter(session, operation, composed);
        string module = view.ModuleAt(view.Cursor);
        for (int cursor = view.Cursor + 1; cursor <= view.Total; cursor++)
        {
            if (!Glob.IsInside(module, view.ModuleAt(cursor)))
                return session.GoTo(cursor);
            module = view.ModuleAt(cursor);
        }

        throw new CommandException("there is no fused operation here, and no module is entered from here to the end");
    }

    private static string Enter(SessionState session, RecordedOperation operation, ComposedForm composed)
    {
        session.Enter(new SessionView(composed.Recording, $"#{operation.Number} {operation.Kind}"));
        string gradients = double.IsNaN(composed.LargestGradientDifference)
            ? string.Empty
            : $", of a gradient {NumberText.Short(composed.LargestGradientDifference)}";
        return $"inside #{operation.Number} {operation.Kind}: {composed.Recording.Operations.Count} small operations compute the same; "
            + $"largest difference of the output {NumberText.Short(composed.LargestDifference)}{gradients}. 'out' returns.\n{session.Stop()}";
    }
}

internal sealed class Out() : SessionCommand(
    "out", "out", "on until the present module is left, or back out of a fused operation", "Outside any module it goes to the end.", "o")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        arguments.End();
        if (session.IsInside)
        {
            session.Leave();
            return session.Stop();
        }

        SessionView view = session.View;
        string module = view.ModuleAt(view.Cursor);
        int cursor = view.Cursor;
        while (cursor < view.Total && Glob.IsInside(view.ModuleAt(cursor), module))
            cursor++;
        return session.GoTo(cursor);
    }
}

internal sealed class Modules() : SessionCommand("modules", "modules [GLOB]", "the modules with their operations and events")
{
    public override string Run(SessionState session, Scanner arguments)
    {
        string pattern = arguments.Word();
        arguments.End();
        IEnumerable<string> lines = session.View.Recording.Operations
            .Where(operation => operation.Module.Length > 0)
            .GroupBy(operation => operation.Module)
            .Where(group => pattern.Length == 0 || Glob.Matches(pattern, group.Key))
            .Select(group => $"{session.Ink.Name(group.Key)}  {group.First().ModuleKind}, {group.Count()} {(group.Count() == 1 ? "operation" : "operations")}, first #{group.First().Number}");
        return string.Join('\n', lines.DefaultIfEmpty(pattern.Length == 0 ? "no operation ran in a module" : $"no module is called {pattern}"));
    }

    public override IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => session.View.Index.Modules;
}

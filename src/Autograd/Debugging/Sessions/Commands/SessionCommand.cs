namespace Transformer.Autograd.Debugging.Sessions.Commands;

/// <summary>One command of a session.</summary>
/// <param name="name">What one types.</param>
/// <param name="usage">Name and arguments: <c>next [N]</c>.</param>
/// <param name="summary">One line.</param>
/// <param name="details">What else there is to know; may be empty.</param>
/// <param name="aliases">Other names.</param>
internal abstract class SessionCommand(string name, string usage, string summary, string details = "", params IReadOnlyList<string> aliases)
{
    public string Name => name;

    public string Usage => usage;

    public string Summary => summary;

    public string Details => details;

    public IReadOnlyList<string> Aliases => aliases;

    /// <summary>Does it.</summary>
    /// <param name="session">What to work on.</param>
    /// <param name="arguments">The line, read up to the first argument.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="CommandException">It was not understood, or cannot be done.</exception>
    public abstract string Run(SessionState session, Scanner arguments);

    /// <summary>What may stand as the next argument.</summary>
    /// <param name="session">What to work on.</param>
    /// <param name="words">The arguments before it.</param>
    public virtual IEnumerable<string> Complete(SessionState session, IReadOnlyList<string> words) => [];
}

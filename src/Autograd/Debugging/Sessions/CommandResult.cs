namespace Transformer.Autograd.Debugging;

/// <summary>What a command answered.</summary>
/// <param name="Text">For people, one or more lines without a newline at the end; may be empty. With colour only where the session was told to.</param>
/// <param name="IsError">True where the command was not understood or could not be done.</param>
/// <param name="Ends">True for <c>quit</c>.</param>
public sealed record CommandResult(string Text, bool IsError = false, bool Ends = false);

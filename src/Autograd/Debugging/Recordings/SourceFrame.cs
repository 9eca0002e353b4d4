namespace Transformer.Autograd.Debugging;

/// <summary>One line of source code that led to an operation.</summary>
/// <param name="File">Path from the repository's root with forward slashes, or the file's name alone where no root was found; never absolute.</param>
/// <param name="Line">Line number from 1.</param>
/// <param name="Method">Class and method: <c>MultiHeadAttention.Forward</c>.</param>
/// <param name="Text">The line's text, trimmed; empty where the file was not there to read.</param>
public sealed record SourceFrame(string File, int Line, string Method, string Text)
{
    /// <summary><c>samples/First.cs:12</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}");
}

namespace Transformer.Autograd.Debugging;

/// <summary>
/// Attributes of an operation from outside the library, as a recording's file keeps them: as text. The file cannot tell
/// how to make the operation again, so it cannot be replayed; everything recorded of it can be looked at.
/// </summary>
/// <param name="Class">Class of the attributes.</param>
/// <param name="Text">What their <c>ToString()</c> gave.</param>
public sealed record UnknownAttributes(string Class, string Text)
{
    /// <summary>The text, and that the operation cannot be replayed.</summary>
    public override string ToString() =>
        $"{Text} (kept as text: {Class} is no class of the library, so this operation cannot be replayed from a file)";
}

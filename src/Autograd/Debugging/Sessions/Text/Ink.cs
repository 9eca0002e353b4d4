using System.Globalization;

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>Colour where it is wanted, else the text as it is.</summary>
internal sealed class Ink
{
    public bool IsOn { get; set; }

    /// <summary>What the eye should find first.</summary>
    public string Strong(string text) => Code("1", text);

    /// <summary>What it may pass over.</summary>
    public string Faint(string text) => Code("2", text);

    /// <summary>Names of tensors and operations.</summary>
    public string Name(string text) => Code("36", text);

    public string Good(string text) => Code("32", text);

    public string Bad(string text) => Code("31", text);

    public string Warning(string text) => Code("33", text);

    /// <summary>A block of two characters in the given colour.</summary>
    public string Block(int red, int green, int blue) =>
        Code(string.Create(CultureInfo.InvariantCulture, $"38;2;{red};{green};{blue}"), "██");

    private string Code(string code, string text) => IsOn && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}

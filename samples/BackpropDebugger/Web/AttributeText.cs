using Transformer.Autograd;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>An operation's attributes in one line: <c>HeadCount = 2, Causal = True</c>.</summary>
internal static class AttributeText
{
    private const int Longest = 160;

    public static string Of(object attributes)
    {
        string text = attributes is PermuteAttributes permute ? $"Axes = [{string.Join(", ", permute.Axes)}]" : attributes.ToString() ?? string.Empty;
        // A record prints as Name { A = 1, B = 2 }; its name says no more than the operation's kind.
        int open = text.IndexOf('{');
        if (open >= 0 && text.EndsWith('}'))
            text = text[(open + 1)..^1].Trim();
        return text.Length <= Longest ? text : text[..(Longest - 1)] + "…";
    }
}

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>Names with wildcards: <c>*</c> for any text, dots too, and <c>?</c> for one character.</summary>
internal static class Glob
{
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    public static bool Matches(string pattern, string text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int retry = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                p = star + 1;
                t = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary>The outermost module on a module's path, itself included, that matches; null where none does.</summary>
    public static string? Outermost(string pattern, string module)
    {
        for (int end = module.IndexOf('.'); end >= 0; end = module.IndexOf('.', end + 1))
        {
            if (Matches(pattern, module[..end]))
                return module[..end];
        }

        return module.Length > 0 && Matches(pattern, module) ? module : null;
    }

    /// <summary>True where a module is the other one or inside it; everything is inside the empty module.</summary>
    public static bool IsInside(string module, string outer) =>
        outer.Length == 0 || module == outer || (module.StartsWith(outer, StringComparison.Ordinal) && module[outer.Length] == '.');
}

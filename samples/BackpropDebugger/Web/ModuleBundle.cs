using System.Text;
using System.Text.RegularExpressions;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// Puts the page's JavaScript modules into one script: a browser does not load modules from the disk. Each becomes a
/// function that returns its exports, in order of dependence. The page's own style is all it understands: imports on
/// one line by name from <c>"../Folder/file.js"</c>; <c>export</c> before a function, class or const.
/// </summary>
internal static partial class ModuleBundle
{
    /// <summary>The script that does what the module does when a browser loads it.</summary>
    /// <exception cref="InvalidOperationException">Modules import each other in a circle.</exception>
    public static string Of(string name, Func<string, string> read)
    {
        StringBuilder script = new("\"use strict\";\n");
        Dictionary<string, bool> isDone = [];
        Add(name, read, script, isDone);
        return script.ToString();
    }

    private static void Add(string name, Func<string, string> read, StringBuilder script, Dictionary<string, bool> isDone)
    {
        if (isDone.TryGetValue(name, out bool done))
        {
            if (!done)
                throw new InvalidOperationException($"ModuleBundle: {name} imports itself through others.");
            return;
        }

        isDone[name] = false;
        string text = read(name);
        foreach (Match import in Import().Matches(text))
            Add(Resolve(name, import), read, script, isDone);
        string body = Export().Replace(
            Import().Replace(text, match => $"const {{{match.Groups["names"].Value}}} = {Variable(Resolve(name, match))};"),
            match => match.Groups["declaration"].Value);
        string exports = string.Join(", ", Export().Matches(text).Select(match => match.Groups["name"].Value));
        script.Append($"const {Variable(name)} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();\n");
        isDone[name] = true;
    }

    // The path from the page's root: ../dom.js in Panel/heatMap.js is dom.js.
    private static string Resolve(string name, Match import) =>
        new Uri(new Uri("page:///" + name), import.Groups["file"].Value).AbsolutePath[1..];

    private static string Variable(string file) => "module_" + file[..^".js".Length].Replace('/', '_');

    [GeneratedRegex("""^import \{(?<names>[^}]*)\} from "(?<file>\.{1,2}/[A-Za-z/]+\.js)";$""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("""^export (?<declaration>(?:async function|function|class|const) (?<name>[A-Za-z]+))""", RegexOptions.Multiline)]
    private static partial Regex Export();
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// Writes the page with everything it needs into one file that works from the disk, without a server or a network. The
/// page is the served one; in place of the server it has the recording's values and the answers beside it.
/// </summary>
internal static partial class HtmlFile
{
    private const string PolicyPlace = "<!-- content policy -->";
    private const string TitlePlace = "<title>Backprop debugger</title>";

    /// <summary>Writes the file, or replaces it.</summary>
    /// <param name="recording">What is stepped through.</param>
    /// <param name="title">What stands above the page.</param>
    /// <param name="text">The case's own text; may be empty.</param>
    /// <param name="path">The file.</param>
    public static void Write(Recording recording, string title, string text, string path) =>
        File.WriteAllText(path, Text(recording, title, text));

    internal static string Text(Recording recording, string title, string text)
    {
        ValueTable values = new(recording);
        List<string> styles = [];
        List<string> scripts = [];
        string page = PageFiles.Text("index.html");
        page = StyleLink().Replace(page, match => Inline("style", PageFiles.Text(match.Groups["file"].Value), styles));
        page = LibraryScript().Replace(page, match => Inline("script", PageFiles.Text(match.Groups["file"].Value), scripts));
        page = MainScript().Replace(
            page,
            match => Data("model", Encoding.UTF8.GetString(PageModel.Write(recording, values, title, text)))
                + Data("embedded", EmbeddedData.Write(recording, values))
                + Inline("script", ModuleBundle.Of(match.Groups["file"].Value, PageFiles.Text), scripts));
        // No network, no forms, and no script or style but those whose hashes stand here.
        string policy = string.Create(
            CultureInfo.InvariantCulture,
            $"default-src 'none'; script-src {string.Join(' ', scripts)}; style-src {string.Join(' ', styles)}; img-src data:; base-uri 'none'; form-action 'none'");
        return page
            .Replace(PolicyPlace, $"""<meta http-equiv="Content-Security-Policy" content="{policy}">""", StringComparison.Ordinal)
            .Replace(TitlePlace, $"<title>{WebUtility.HtmlEncode(title)}</title>", StringComparison.Ordinal);
    }

    private static string Inline(string element, string content, List<string> hashes)
    {
        hashes.Add($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'");
        return $"<{element}>{content}</{element}>";
    }

    // In a script element of another type JSON is data to the browser; "<" is written as an escape, so that it cannot end it.
    private static string Data(string id, string json) => $"""<script type="application/json" id="{id}">{json}</script>{"\n"}""";

    [GeneratedRegex("""<link rel="stylesheet" href="(?<file>[^"]+)">""")]
    private static partial Regex StyleLink();

    [GeneratedRegex("""<script src="(?<file>[^"]+)"></script>""")]
    private static partial Regex LibraryScript();

    [GeneratedRegex("""<script type="module" src="(?<file>[^"]+)"></script>""")]
    private static partial Regex MainScript();
}

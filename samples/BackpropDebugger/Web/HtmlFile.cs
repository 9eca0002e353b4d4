using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// Writes the page with everything it needs into one file that works from the disk, without a server or a network. The
/// page is the served one; in place of the server it has the recording's values and the answers beside it.
/// </summary>
internal static class HtmlFile
{
    private const string StyleLink = """<link rel="stylesheet" href="style.css">""";
    private const string LayoutScript = """<script src="dagre.min.js"></script>""";
    private const string MainScript = """<script type="module" src="main.js"></script>""";
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
        string style = PageFiles.Text("style.css");
        string layout = PageFiles.Text("dagre.min.js");
        string main = ModuleBundle.Of("main.js", PageFiles.Text);
        string data = Encoding.UTF8.GetString(PageModel.Write(recording, values, title, text));
        string embedded = EmbeddedData.Write(recording, values);
        string policy = string.Create(
            CultureInfo.InvariantCulture,
            $"default-src 'none'; script-src {Hash(layout)} {Hash(main)}; style-src {Hash(style)}; img-src data:; base-uri 'none'; form-action 'none'");
        // JSON in script elements of another type is data to the browser; "<" is written as an escape, so none can end early.
        return new StringBuilder(PageFiles.Text("index.html"))
            .Replace(PolicyPlace, $"""<meta http-equiv="Content-Security-Policy" content="{policy}">""")
            .Replace(TitlePlace, $"<title>{WebUtility.HtmlEncode(title)}</title>")
            .Replace(StyleLink, $"<style>{style}</style>")
            .Replace(LayoutScript, $"<script>{layout}</script>")
            .Replace(
                MainScript,
                $"""
                <script type="application/json" id="model">{data}</script>
                <script type="application/json" id="embedded">{embedded}</script>
                <script type="module">{main}</script>
                """)
            .ToString();
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}

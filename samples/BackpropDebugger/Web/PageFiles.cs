using System.Reflection;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>The page's own files by their path, which lie in the assembly: <c>index.html</c>, <c>Panel/heatMap.js</c>, … Nothing on the disk is served.</summary>
internal static class PageFiles
{
    private const string Prefix = "Page/";

    private static readonly Dictionary<string, string> Contents = Read();

    /// <summary>A file's text, or null where the page has no such file.</summary>
    public static string? Find(string name) => Contents.GetValueOrDefault(name);

    /// <summary>A file's text.</summary>
    /// <exception cref="InvalidOperationException">The page has no such file.</exception>
    public static string Text(string name) =>
        Find(name) ?? throw new InvalidOperationException($"The page has no file {name}.");

    private static Dictionary<string, string> Read()
    {
        Assembly assembly = typeof(PageFiles).Assembly;
        Dictionary<string, string> contents = [];
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            // A hash in a content policy is that of the text with the line ends that an HTML parser sees.
            contents[name[Prefix.Length..]] = reader.ReadToEnd().ReplaceLineEndings("\n");
        }

        return contents;
    }
}

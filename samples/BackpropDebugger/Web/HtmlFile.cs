using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>The page with everything it needs in one file.</summary>
internal static class HtmlFile
{
    public static void Write(Recording recording, string title, string text, string path) => throw new NotImplementedException();
}

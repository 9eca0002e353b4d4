using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>The browser front end: serves the page until it is told to stop.</summary>
internal static class WebFrontEnd
{
    public static int Run(Recording recording, string title, string text, int port, CancellationToken cancellation) =>
        throw new NotImplementedException();
}

using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>The browser front end: serves the page until it is told to stop.</summary>
internal static class WebFrontEnd
{
    /// <summary>Prints the page's address and serves it until Ctrl-C.</summary>
    /// <param name="recording">What is stepped through.</param>
    /// <param name="title">What stands above the page.</param>
    /// <param name="text">The case's own text; may be empty.</param>
    /// <param name="port">The port on loopback; 0 for any that is free.</param>
    /// <param name="cancellation">Ends the server.</param>
    /// <returns>The program's exit code: 0, or 1 where the port is taken.</returns>
    public static int Run(Recording recording, string title, string text, int port, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void Stop(object? sender, ConsoleCancelEventArgs pressed)
        {
            // The server is to end in its own time, not the process at once.
            pressed.Cancel = true;
            stop.Cancel();
        }

        Console.CancelKeyPress += Stop;
        try
        {
            return Serve(recording, title, text, port, stop.Token).GetAwaiter().GetResult();
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }
    }

    private static async Task<int> Serve(Recording recording, string title, string text, int port, CancellationToken stop)
    {
        try
        {
            await using WebServer server = await WebServer.Start(recording, title, text, port);
            Console.WriteLine($"The debugger's page is at {server.Address}");
            Console.WriteLine("Only this machine reaches it, and only with this address. Ctrl-C ends it.");
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            return 0;
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"The page cannot be served: {exception.Message} Choose another --port, or 0 for any that is free.");
            return 1;
        }
    }
}

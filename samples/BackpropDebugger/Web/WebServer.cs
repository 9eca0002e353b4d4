using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// Serves the page and its answers on loopback. Whatever is asked needs the token in its path; see
/// <see cref="RequestGuard"/> for what is refused.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int LongestCommand = 4096;

    private readonly WebApplication application;

    private WebServer(WebApplication application, Uri address)
    {
        this.application = application;
        Address = address;
    }

    /// <summary>Where the page is, token included.</summary>
    public Uri Address { get; }

    /// <summary>Starts to serve.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebServer> Start(Recording recording, string title, string text, int port)
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        // The empty builder reads no settings from files, environment or command line, and logs nothing.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LongestCommand;
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        WebApplication application = builder.Build();
        RequestGuard guard = new(token);
        application.Use(guard.Check);
        application.UseRouting();
        Map(application, token, recording, title, text);
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        string root = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        guard.Listens(new Uri(root).Port);
        return new WebServer(application, new Uri($"{root}/{token}/"));
    }

    /// <summary>Ends serving.</summary>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private static void Map(WebApplication application, string token, Recording recording, string title, string text)
    {
        ValueTable values = new(recording);
        byte[] model = PageModel.Write(recording, values, title, text);
        Answers answers = new(recording);
        PageCommands commands = new(recording);
        // A recording indexes itself when it is first asked, and a session has a cursor: one request at a time.
        Lock turn = new();

        application.MapGet($"/{token}/", () => Page("index.html"));
        application.MapGet($"/{token}/{{**file}}", Page);
        application.MapGet($"/{token}/api/model", () => Results.Bytes(model, "application/json"));
        application.MapGet($"/{token}/api/values/{{number:int}}", (int number) => Values(values, number));
        application.MapGet($"/{token}/api/answers/{{**path}}", (string path) =>
        {
            lock (turn)
                return answers.Find(path) is { } answer ? Results.Bytes(answer, "application/json") : Results.NotFound();
        });
        application.MapPost($"/{token}/api/command/{{cursor:int}}", async (int cursor, HttpRequest request) =>
        {
            using StreamReader reader = new(request.Body, Encoding.UTF8);
            string line = await reader.ReadToEndAsync();
            lock (turn)
                return Results.Bytes(commands.Execute(line, cursor), "application/json");
        });
        application.MapPost($"/{token}/api/complete", async (HttpRequest request) =>
        {
            using StreamReader reader = new(request.Body, Encoding.UTF8);
            string line = await reader.ReadToEndAsync();
            lock (turn)
                return Results.Bytes(commands.Complete(line), "application/json");
        });
    }

    private static IResult Page(string file)
    {
        if (PageFiles.Find(file) is not { } content)
            return Results.NotFound();
        string type = Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "text/plain; charset=utf-8",
        };
        return Results.Bytes(Encoding.UTF8.GetBytes(content), type);
    }

    private static IResult Values(ValueTable values, int number)
    {
        if (number < 0 || number >= values.All.Count || !values.All[number].IsComplete)
            return Results.NotFound();
        return Results.Bytes(ValueTable.BytesOf(values.All[number]), "application/octet-stream");
    }
}

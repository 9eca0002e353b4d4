using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
    private const int LongestRequest = 1 << 16;

    private const string Json = "application/json";

    // A member that is missing is an error here and not a null later.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

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
            options.Limits.MaxRequestBodySize = LongestRequest;
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
        // Answers are independent of each other, and a recording does not change: a slow one holds up no other.
        PageCommands commands = new(recording, title, text);

        application.MapGet($"/{token}/", () => Page("index.html"));
        application.MapGet($"/{token}/{{**file}}", Page);
        application.MapGet($"/{token}/api/model", () => Results.Bytes(commands.Current.Model, Json));
        application.MapGet($"/{token}/api/values/{{view:int}}/{{number:int}}", (int view, int number) => Values(commands.View(view)?.Values, number));
        application.MapGet($"/{token}/api/answers/{{view:int}}/{{**path}}", (int view, string path) =>
            commands.View(view)?.Answers.Find(path) is { } answer ? Results.Bytes(answer, Json) : Results.NotFound());
        MapPost<PageCommand>(application, $"/{token}/api/command", (command, _) => commands.Execute(command));
        MapPost<string>(application, $"/{token}/api/complete", (line, _) => commands.Complete(line));
        MapPost<PageRun>(application, $"/{token}/api/stop", (run, aborted) => commands.View(run.View) is { } view
            ? Answers.Try(json => json.WriteNumber("cursor", Stops.Next(view.Recording, run.Breakpoints, run.Cursor, run.Direction, aborted)))
            : null);
        MapPost<string>(application, $"/{token}/api/breakpoint", (text, _) => Answers.Try(json =>
        {
            if (Stops.ErrorOf(commands.Current.Recording, text) is { } error)
                json.WriteString("error", error);
        }));
    }

    private static void MapPost<T>(WebApplication application, string path, Func<T, CancellationToken, byte[]?> answer) =>
        application.MapPost(path, async (HttpRequest request) =>
        {
            T? asked;
            try
            {
                asked = await JsonSerializer.DeserializeAsync<T>(request.Body, Strict, request.HttpContext.RequestAborted);
            }
            catch (JsonException)
            {
                return Results.BadRequest();
            }

            return asked is null ? Results.BadRequest() : answer(asked, request.HttpContext.RequestAborted) is { } found ? Results.Bytes(found, Json) : Results.NotFound();
        });

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

    private static IResult Values(ValueTable? values, int number)
    {
        if (values is null || number < 0 || number >= values.All.Count || !values.All[number].IsComplete)
            return Results.NotFound();
        return Results.Bytes(ValueTable.BytesOf(values.All[number]), "application/octet-stream");
    }
}

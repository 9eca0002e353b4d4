using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// Refuses what does not come from the debugger's own page, with 403:
/// <list type="bullet">
/// <item>a Host that is not this server's, so that no foreign name can be made to point at loopback (DNS rebinding);</item>
/// <item>an Origin that is not this server's, so that no page of another site reads or commands anything;</item>
/// <item>a path without the token, and a call of the interface without the token in a header as well, which no
/// form, image or script element of another site can send.</item>
/// </list>
/// Every response forbids the page to load, run or contact anything but this server.
/// </summary>
/// <param name="token">The secret.</param>
internal sealed class RequestGuard(string token)
{
    /// <summary>The header that carries the token.</summary>
    public const string TokenHeader = "X-Debugger-Token";

    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private string[] hosts = [];

    /// <summary>Tells under which port the server is reached.</summary>
    public void Listens(int port)
    {
        hosts = [FormattableString.Invariant($"127.0.0.1:{port}"), FormattableString.Invariant($"localhost:{port}")];
        // A browser leaves out the port that HTTP has of itself.
        if (port == 80)
            hosts = [.. hosts, "127.0.0.1", "localhost"];
    }

    /// <summary>Passes a request on or refuses it.</summary>
    public Task Check(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (IsOwn(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private bool IsOwn(HttpRequest request)
    {
        string[] path = request.Path.Value?.Split('/') ?? [];
        StringValues origin = request.Headers.Origin;
        return hosts.Contains(request.Host.Value, StringComparer.OrdinalIgnoreCase)
            && (origin.Count == 0 || origin == "http://" + request.Host.Value)
            && path.Length >= 3 && IsToken(path[1])
            // Routes are matched in any case, so this is too.
            && (!path[2].Equals("api", StringComparison.OrdinalIgnoreCase) || IsToken(request.Headers[TokenHeader].ToString()));
    }

    // In a time that does not tell how many characters were right.
    private bool IsToken(string text) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(token));
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Web;
using Xunit;

namespace Browser.Tests;

/// <summary>Only the debugger's own page gets an answer, and nothing that a recording says is ever run.</summary>
[Collection(BrowserTests.Name)]
public sealed class SecurityTests(ChromiumFixture chromium)
{
    private static readonly Recording Recording = TrialRecordings.Attention();
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task The_page_and_its_interface_answer_to_the_right_token()
    {
        await using WebServer server = await WebServer.Start(Recording, "Trial", string.Empty, port: 0);
        Assert.Equal(HttpStatusCode.OK, await Ask(server, string.Empty));
        Assert.Equal(HttpStatusCode.OK, await Ask(server, "main.js"));
        Assert.Equal(HttpStatusCode.OK, await Ask(server, "api/model", Token(server)));
        Assert.Equal(HttpStatusCode.OK, await Ask(server, "api/values/0/0", Token(server)));
        Assert.Equal(HttpStatusCode.NotFound, await Ask(server, "api/values/0/100000", Token(server)));
        Assert.Equal(HttpStatusCode.NotFound, await Ask(server, "api/answers/0/explain/forward/0/0", Token(server)));
        Assert.Equal(HttpStatusCode.NotFound, await Ask(server, "..%2F..%2Fetc%2Fpasswd"));
        Assert.True(server.Address.IsLoopback);
    }

    [Fact]
    public async Task A_missing_or_wrong_token_is_forbidden()
    {
        await using WebServer server = await WebServer.Start(Recording, "Trial", string.Empty, port: 0);
        Uri root = new(server.Address, "/");
        Assert.Equal(HttpStatusCode.Forbidden, await Status(new(HttpMethod.Get, root)));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(new(HttpMethod.Get, new Uri(root, "main.js"))));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(new(HttpMethod.Get, new Uri(root, new string('0', 32) + "/"))));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(server, "api/model"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(server, "api/model", new string('0', 32)));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(server, "API/model"));
    }

    [Fact]
    public async Task A_foreign_host_or_origin_is_forbidden()
    {
        await using WebServer server = await WebServer.Start(Recording, "Trial", string.Empty, port: 0);
        string own = $"127.0.0.1:{server.Address.Port}";
        Assert.Equal(HttpStatusCode.OK, await Ask(server, string.Empty, host: $"localhost:{server.Address.Port}"));
        Assert.Equal(HttpStatusCode.OK, await Ask(server, "api/model", Token(server), origin: "http://" + own));
        foreach (string host in (string[])["evil.example", $"evil.example:{server.Address.Port}", "127.0.0.1:1", "127.0.0.1"])
            Assert.Equal(HttpStatusCode.Forbidden, await Ask(server, string.Empty, host: host));
        foreach (string origin in (string[])["http://evil.example", "null", "https://" + own, "http://127.0.0.1:1"])
            Assert.Equal(HttpStatusCode.Forbidden, await Ask(server, "api/model", Token(server), origin: origin));
    }

    [Fact]
    public async Task Requests_as_no_browser_writes_them_get_no_further()
    {
        await using WebServer server = await WebServer.Start(Recording, "Trial", string.Empty, port: 0);
        string token = Token(server);
        string own = $"Host: 127.0.0.1:{server.Address.Port}\r\n";
        foreach ((int status, string request) in ((int, string)[])
        [
            (200, $"GET /{token}/ HTTP/1.1\r\n{own}"),
            (403, $"GET /{token}/%61pi/model HTTP/1.1\r\n{own}"),
            (403, $"GET /{token}/x/../api/model HTTP/1.1\r\n{own}"),
            (403, $"GET /{token}/%2e/api/model HTTP/1.1\r\n{own}"),
            (404, $"GET /{token}//api/model HTTP/1.1\r\n{own}"),
            (404, $"GET /{token}/api%2Fmodel HTTP/1.1\r\n{own}"),
            (403, $"GET /{token.ToUpperInvariant()}/ HTTP/1.1\r\n{own}"),
            (403, $"GET /{token}/ HTTP/1.0\r\n"),
            (403, $"GET /{token}/ HTTP/1.1\r\nHost: localhost.:{server.Address.Port}\r\n"),
            (403, $"GET /{token}/ HTTP/1.1\r\nHost: [::1]:{server.Address.Port}\r\n"),
            (400, $"GET /{token}/ HTTP/1.1\r\n{own}Host: evil.example\r\n"),
            (400, $"GET http://evil.example/{token}/ HTTP/1.1\r\n{own}"),
            (403, $"OPTIONS /{token}/api/model HTTP/1.1\r\n{own}Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n"),
            (403, $"GET /{token}/ HTTP/1.1\r\n{own}Origin: http://evil.example\r\nUpgrade: websocket\r\n"),
            (403, $"POST /{token}/api/command HTTP/1.1\r\n{own}Content-Length: 0\r\n"),
            (403, $"GET /{token}/api/model HTTP/1.1\r\n{own}{RequestGuard.TokenHeader}: {token}\r\n{RequestGuard.TokenHeader}: {token}\r\n"),
            (400, $"POST /{token}/api/command HTTP/1.1\r\n{own}{RequestGuard.TokenHeader}: {token}\r\nContent-Length: 2\r\n\r\n{{}}"),
            (413, $"POST /{token}/api/complete HTTP/1.1\r\n{own}{RequestGuard.TokenHeader}: {token}\r\nContent-Length: 99999\r\n"),
        ])
        {
            string answer = await Exchange(server.Address.Port, request);
            Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{request}: {answer}");
            Assert.DoesNotContain("Access-Control", answer, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Every_response_carries_the_content_policy_and_allows_no_other_site()
    {
        await using WebServer server = await WebServer.Start(Recording, "Trial", string.Empty, port: 0);
        foreach (Uri address in (Uri[])[server.Address, new Uri(server.Address, "main.js"), new Uri(server.Address, "/")])
        {
            using HttpResponseMessage response = await Client.GetAsync(address);
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    [BrowserFact]
    public async Task A_word_that_looks_like_an_element_stays_text_when_served()
    {
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Recording, TrialRecordings.HostileWord, TrialRecordings.HostileWord);
        await IsText(page);
    }

    [BrowserFact]
    public async Task A_word_that_looks_like_an_element_stays_text_in_a_file()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(
            chromium, Recording, TrialRecordings.HostileWord, "</script><script>document.title = 'broken'</script>" + TrialRecordings.HostileWord);
        await IsText(page);
    }

    [BrowserFact]
    public async Task A_file_works_from_the_disk_with_the_network_blocked_and_asks_for_nothing()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, TrialRecordings.Translation());
        await page.Press("n", "n", "c");
        await page.Page.ClickAsync("#unfold-all");
        await page.GoTo(60);
        await page.Page.Keyboard.PressAsync("y");
        Assert.All(page.Requests, request => Assert.True(request.StartsWith("file://", StringComparison.Ordinal) || request == "data:,", request));
        Assert.Single(page.Requests, request => request.StartsWith("file://", StringComparison.Ordinal));
        Assert.Empty(page.Errors);
    }

    private static async Task IsText(DebuggerPage page)
    {
        int softmax = Recording.Operations.First(operation => operation.Kind == "Softmax").Number;
        await page.GoTo(softmax);
        Assert.Contains(TrialRecordings.HostileWord, await page.Page.Locator("#case").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(TrialRecordings.HostileWord, await page.Page.Locator("#panel th[scope=col]").Nth(1).TextContentAsync());
        Assert.Equal(TrialRecordings.HostileWord, await page.Page.Locator("#title").TextContentAsync());
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());
        Assert.Equal(TrialRecordings.HostileWord, await page.Page.TitleAsync());
        Assert.Empty(page.Errors);
    }

    // As it stands, without what a client would put right; the connection is to be closed.
    private static async Task<string> Exchange(int port, string request)
    {
        int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string whole = end < 0 ? request + "Connection: close\r\n\r\n" : request.Insert(end + 2, "Connection: close\r\n");
        using TcpClient client = new(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(whole));
        byte[] start = new byte[1024];
        int count = await client.GetStream().ReadAtLeastAsync(start, 64, throwOnEndOfStream: false);
        return Encoding.ASCII.GetString(start, 0, count);
    }

    private static string Token(WebServer server) => server.Address.AbsolutePath.Trim('/');

    private static Task<HttpStatusCode> Ask(WebServer server, string path, string? token = null, string? host = null, string? origin = null)
    {
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(server.Address, path));
        if (token is not null)
            request.Headers.Add(RequestGuard.TokenHeader, token);
        if (host is not null)
            request.Headers.Host = host;
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return Status(request);
    }

    private static async Task<HttpStatusCode> Status(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage response = await Client.SendAsync(request);
            return response.StatusCode;
        }
    }
}

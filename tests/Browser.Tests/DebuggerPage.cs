using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Web;

namespace Browser.Tests;

/// <summary>The debugger's page in a tab, and whatever serves it.</summary>
internal sealed class DebuggerPage : IAsyncDisposable
{
    // A file of a small recording holds hundreds of finite differences: made once for all tests that open it.
    private static readonly ConcurrentDictionary<(Recording Recording, string Title, string Text), string> Texts = [];

    private readonly WebServer? server;
    private readonly string? file;

    private DebuggerPage(Recording recording, IBrowserContext context, IPage page, WebServer? server, string? file)
    {
        Recording = recording;
        Context = context;
        Page = page;
        this.server = server;
        this.file = file;
    }

    /// <summary>What the page shows.</summary>
    public Recording Recording { get; }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What the browser asked for, file and server alike.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Errors of scripts and of the content policy.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Over the local server.</summary>
    public static async Task<DebuggerPage> Serve(
        ChromiumFixture chromium, Recording recording, string title = "Trial", string text = "", ColorScheme scheme = ColorScheme.Light)
    {
        WebServer server = await WebServer.Start(recording, title, text, port: 0);
        return await Open(recording, await chromium.NewContext(scheme), server.Address, server, null);
    }

    /// <summary>From a file on the disk, with the network blocked.</summary>
    public static async Task<DebuggerPage> FromFile(
        ChromiumFixture chromium, Recording recording, string title = "Trial", string text = "", ColorScheme scheme = ColorScheme.Light)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        File.WriteAllText(file, Texts.GetOrAdd((recording, title, text), key => HtmlFile.Text(key.Recording, key.Title, key.Text)));
        return await Open(recording, await chromium.NewContext(scheme, offline: true), new Uri(file), null, file);
    }

    /// <summary>Presses a key and waits until the panel shows the cursor at which it leaves the page.</summary>
    public async Task Press(params string[] keys)
    {
        foreach (string key in keys)
            await Page.Keyboard.PressAsync(key);
        await Settle();
    }

    /// <summary>Moves the scrubber.</summary>
    public async Task GoTo(int cursor)
    {
        await Page.Locator("#scrubber").FillAsync(cursor.ToString(CultureInfo.InvariantCulture));
        await Settle();
    }

    /// <summary>Waits until the panel shows what the cursor says.</summary>
    public Task Settle() => Page.WaitForFunctionAsync(
        "() => document.querySelector('#panel').getAttribute('aria-busy') === 'false' && document.querySelector('#panel').dataset.cursor === document.querySelector('#scrubber').value");

    /// <summary>Where the cursor is.</summary>
    public async Task<int> Cursor() => int.Parse(await Page.Locator("#scrubber").InputValueAsync(), CultureInfo.InvariantCulture);

    /// <summary>The numbers of a heat map in the panel, as its table shows them.</summary>
    public async Task<double[]> NumbersOf(string section)
    {
        string[] texts = await Page.Locator($"#panel details[data-section='{section}'] td[data-value]")
            .EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)");
        return [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
        if (file is not null)
            File.Delete(file);
    }

    private static async Task<DebuggerPage> Open(
        Recording recording, IBrowserContext context, Uri address, WebServer? server, string? file)
    {
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(10_000);
        DebuggerPage opened = new(recording, context, page, server, file);
        page.Request += (_, request) => opened.Requests.Add(request.Url);
        page.PageError += (_, error) => opened.Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                opened.Errors.Add(message.Text);
        };
        await page.GotoAsync(address.ToString());
        try
        {
            await page.WaitForSelectorAsync("body[data-ready]");
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(string.Join('\n', [await page.Locator("#panel").InnerTextAsync(), .. opened.Errors]));
        }

        return opened;
    }
}

using Microsoft.Playwright;
using Xunit;

namespace Browser.Tests;

/// <summary>One browser for all tests: to start it takes longer than most of them.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async Task InitializeAsync()
    {
        if (!File.Exists(BrowserFactAttribute.Chromium))
            return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-gpu"],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>An empty profile of its own.</summary>
    internal Task<IBrowserContext> NewContext(ColorScheme scheme = ColorScheme.Light, bool offline = false) =>
        browser!.NewContextAsync(new()
        {
            ColorScheme = scheme,
            Offline = offline,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = 1440, Height = 900 },
        });
}

/// <summary>Tests that share the browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<ChromiumFixture>
{
    public const string Name = "browser";
}

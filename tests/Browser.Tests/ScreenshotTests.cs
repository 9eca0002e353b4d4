using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace Browser.Tests;

/// <summary>Pictures of the page, light and dark: <c>SCREENSHOTS=folder dotnet test tests/Browser.Tests --filter Screenshot</c>.</summary>
[Collection(BrowserTests.Name)]
public sealed class ScreenshotTests(ChromiumFixture chromium)
{
    [ScreenshotFact]
    public async Task Attention_and_translation_folded_and_unfolded_light_and_dark()
    {
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using (DebuggerPage page = await Open("attention", scheme))
            {
                await page.Page.Locator(".node.leaf").First.ClickAsync();
                await page.Press("w");
                await page.GoTo(EventOf(page, "Softmax"));
                await Save(page, "attention", scheme);
            }

            await using (DebuggerPage page = await Open("translation", scheme))
            {
                await page.GoTo(EventOf(page, "Softmax"));
                await Save(page, "translation-folded", scheme);
                await page.Page.ClickAsync("#unfold-all");
                await page.Press("0");
                await page.GoTo(EventOf(page, "Softmax") + 1);
                await Save(page, "translation-unfolded", scheme);
            }
        }
    }

    private async Task<DebuggerPage> Open(string name, ColorScheme scheme)
    {
        Case entry = CaseCatalogue.All.Single(entry => entry.Name == name);
        return await DebuggerPage.FromFile(chromium, entry.Record(), entry.Title, entry.Text, scheme);
    }

    // The first backward event of such an operation: half of the gradients have arrived by then.
    private static int EventOf(DebuggerPage page, string kind) =>
        page.Recording.Timeline.First(entry => entry.Kind == TimelineEventKind.Backward && entry.Operation!.Kind == kind).Number;

    private static async Task Save(DebuggerPage page, string name, ColorScheme scheme)
    {
        await page.Page.Mouse.MoveAsync(0, 0);
        await page.Page.EvaluateAsync("() => document.activeElement.blur()");
        await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(ScreenshotFactAttribute.Folder!, $"{name}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png"),
        });
        Assert.Empty(page.Errors);
    }
}

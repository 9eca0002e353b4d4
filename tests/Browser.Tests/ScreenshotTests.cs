using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
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
            await using (DebuggerPage page = await Open("attention", "Attention of three tokens, two heads", TrialRecordings.Attention(), scheme))
            {
                await page.Press("w");
                await page.GoTo(33);
                await Save(page, "attention", scheme);
            }

            await using (DebuggerPage page = await Open("translation", "One training step of a translator", TrialRecordings.Translation(), scheme))
            {
                await page.GoTo(120);
                await Save(page, "translation-folded", scheme);
                await page.Page.ClickAsync("#unfold-all");
                await page.GoTo(140);
                await Save(page, "translation-unfolded", scheme);
            }
        }
    }

    private Task<DebuggerPage> Open(string name, string title, Recording recording, ColorScheme scheme) =>
        DebuggerPage.FromFile(chromium, recording, title, $"The case {name}.", scheme);

    private static async Task Save(DebuggerPage page, string name, ColorScheme scheme)
    {
        await page.Page.Mouse.MoveAsync(0, 0);
        await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(ScreenshotFactAttribute.Folder!, $"{name}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png"),
        });
        Assert.Empty(page.Errors);
    }
}

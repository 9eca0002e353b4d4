using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Browser.Tests;

/// <summary>Everything can be done without a mouse.</summary>
[Collection(BrowserTests.Name)]
public sealed class KeyboardTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task Keys_step_stop_watch_pin_read_and_explain()
    {
        Recording recording = TrialRecordings.Attention();
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, recording);
        await page.Press("n", "n", "ArrowRight", "b");
        Assert.Equal(2, await page.Cursor());
        await page.Press("End");
        Assert.Equal(recording.Timeline.Count, await page.Cursor());
        await page.Press("Home");
        Assert.Equal(0, await page.Cursor());

        // In the graph: arrows move, Enter selects, x sets a breakpoint.
        await page.Press("g", "ArrowDown", "Enter");
        string focused = await page.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')");
        string head = await page.Page.Locator("#panel-head h2").InnerTextAsync();
        Assert.StartsWith(head.Split('\n')[0].Split(" not")[0].Split("not yet")[0].Trim(), focused, StringComparison.Ordinal);
        await page.Press("x");
        await Assertions.Expect(page.Page.Locator("#breakpoints li")).ToHaveCountAsync(1);
        int number = int.Parse(focused[1..focused.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        await page.Press("c");
        Assert.Equal(number, await page.Cursor());
        await page.Press("c");
        Assert.Equal(TimelineEventKind.Backward, recording.Timeline[await page.Cursor() - 1].Kind);
        Assert.Equal(number, recording.Timeline[await page.Cursor() - 1].Operation!.Number);
        await page.Press("r");
        Assert.Equal(number, await page.Cursor());

        await page.Press("w");
        await Assertions.Expect(page.Page.Locator("#watches .sparkline")).ToHaveCountAsync(1);

        // In a heat map: arrows read, Enter explains that element.
        await page.Press("h", "ArrowRight", "Enter");
        await Assertions.Expect(page.Page.Locator(".explanation h3 code")).ToContainTextAsync("1]");
        Assert.Equal("TD", await page.Page.EvaluateAsync<string>("document.activeElement.tagName"));

        await page.Press("p", "n");
        await Assertions.Expect(page.Page.Locator("#panel-head h2")).ToContainTextAsync($"#{number} ");
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task A_folded_module_opens_and_closes_with_keys_and_is_stepped_over()
    {
        Recording recording = TrialRecordings.Translation();
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, recording);
        ILocator encoder = page.Page.Locator(".node[aria-label^='module encoder,']");
        await Assertions.Expect(encoder).ToHaveCountAsync(1);
        await encoder.FocusAsync();
        await page.Press("Enter");
        await Assertions.Expect(encoder).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".node[aria-label^='module encoder.layers.0,']")).ToHaveCountAsync(1);
        await page.Press("F");
        await Assertions.Expect(encoder).ToHaveCountAsync(1);

        int first = recording.Operations.First(operation => operation.Module.StartsWith("encoder", StringComparison.Ordinal)).Number;
        int after = recording.Operations.First(operation => operation.Number > first && !operation.Module.StartsWith("encoder", StringComparison.Ordinal)).Number;
        await page.GoTo(first);
        await Assertions.Expect(encoder).ToHaveAttributeAsync("aria-current", "step");
        await page.Page.Locator("#next").FocusAsync();
        await page.Press("N");
        Assert.Equal(after, await page.Cursor());
        await page.Press("B");
        Assert.Equal(after - 1, await page.Cursor());
    }

    [BrowserFact]
    public async Task Tab_reaches_every_part_and_the_help_lists_the_keys()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, TrialRecordings.Attention());
        await page.Press("n");
        HashSet<string> reached = [];
        int outlined = 0;
        for (int i = 0; i < 60; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            outlined += await page.Page.Locator(":focus-visible").CountAsync();
            reached.Add(await page.Page.EvaluateAsync<string>(
                "(place => place?.id || place?.className || '')(document.activeElement.closest('.top, .side, .tools, #graph, #panel, #timeline'))"));
        }

        foreach (string part in (string[])["top", "side", "tools", "graph", "panel", "timeline"])
            Assert.Contains(part, reached);
        Assert.True(outlined > 40, "What has the focus is outlined.");

        await page.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Page.Locator("#help")).ToBeVisibleAsync();
        Assert.True(await page.Page.Locator("#key-table tr").CountAsync() > 15);
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator("#help")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task A_narrow_window_shows_its_side_bar_by_button_and_key()
    {
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, TrialRecordings.Attention());
        ILocator side = page.Page.Locator("#side");
        await Assertions.Expect(side).ToBeVisibleAsync();
        await page.Page.SetViewportSizeAsync(1000, 700);
        await Assertions.Expect(page.Page.Locator("#show-side")).ToHaveAttributeAsync("aria-expanded", "false");
        await Assertions.Expect(side).ToBeHiddenAsync();
        await page.Press("s");
        await Assertions.Expect(side).ToBeVisibleAsync();
        await page.Page.ClickAsync("#show-side");
        await Assertions.Expect(side).ToBeHiddenAsync();
        await page.Press("/");
        await Assertions.Expect(page.Page.Locator("#command")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Letters_that_are_typed_into_a_field_are_no_commands()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, TrialRecordings.Attention());
        await page.Page.Locator("#add-breakpoint input").FocusAsync();
        await page.Page.Keyboard.TypeAsync("nnn");
        Assert.Equal(0, await page.Cursor());
        Assert.Equal("nnn", await page.Page.Locator("#add-breakpoint input").InputValueAsync());
    }
}

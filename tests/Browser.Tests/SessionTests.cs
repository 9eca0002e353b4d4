using System.Globalization;
using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Browser.Tests;

/// <summary>The served page and the session behind it are at one: recording, cursor, breakpoints.</summary>
[Collection(BrowserTests.Name)]
public sealed class SessionTests(ChromiumFixture chromium)
{
    private static readonly Recording Attention = TrialRecordings.Attention();

    [BrowserFact]
    public async Task Any_condition_that_break_takes_stops_the_page_as_it_stops_the_session()
    {
        DebugSession session = new(Attention);
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Attention);
        foreach (string condition in (string[])["norm x.grad > 0.01", "fd < 1e-3 if kind == Softmax", "if x.grad[0, 0, 0] != 0 or operation == 3"])
        {
            Assert.False(session.Execute("break " + condition).IsError);
            await page.Page.SelectOptionAsync("#add-breakpoint select", "condition");
            await page.Page.FillAsync("#add-breakpoint input", condition);
            await page.Page.ClickAsync("#add-breakpoint button");
            await Assertions.Expect(page.Page.Locator("#breakpoints li .name").Last).ToHaveTextAsync(condition);
        }

        await page.Page.Locator("#next").FocusAsync();
        foreach ((string key, string command) in ((string, string)[])[("c", "continue"), ("c", "continue"), ("c", "continue"), ("r", "reverse-continue")])
        {
            session.Execute(command);
            await page.Page.Keyboard.PressAsync(key);
            await Assertions.Expect(page.Page.Locator("#scrubber")).ToHaveValueAsync(session.Cursor.ToString(CultureInfo.InvariantCulture));
        }

        await page.Page.FillAsync("#add-breakpoint input", "norm nosuchtensor > 1");
        await page.Page.ClickAsync("#add-breakpoint button");
        await Assertions.Expect(page.Page.Locator("#add-breakpoint .message")).ToContainTextAsync("nosuchtensor");
        await Assertions.Expect(page.Page.Locator("#breakpoints li")).ToHaveCountAsync(3);
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Breakpoints_of_the_page_and_of_its_command_line_are_the_same_ones()
    {
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Attention);
        ILocator names = page.Page.Locator("#breakpoints li .name");
        await Command(page, "break kind Softmax");
        await Assertions.Expect(names).ToHaveTextAsync(["kind Softmax"]);
        RecordedOperation softmax = Attention.Operations.First(operation => operation.Kind == "Softmax");
        await page.Page.Locator($".node[aria-label^='#{softmax.Number + 1} '] .stop").ClickAsync();
        await Assertions.Expect(names).ToHaveCountAsync(2);

        await Command(page, "continue");
        Assert.Equal(softmax.Number, await page.Cursor());
        await Command(page, "continue");
        Assert.Equal(softmax.Number + 1, await page.Cursor());
        await Command(page, "disable 1");
        await Assertions.Expect(names.First).ToHaveTextAsync("kind Softmax (disabled)");
        await page.GoTo(0);
        await page.Page.Locator("#next").FocusAsync();
        await page.Press("c");
        Assert.Equal(softmax.Number + 1, await page.Cursor());
        await page.Page.Locator("#breakpoints li button").First.ClickAsync();
        Assert.DoesNotContain("Softmax", await Command(page, "breakpoints"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task What_if_shows_the_replays_numbers_on_the_page_until_unset()
    {
        DebugSession session = new(Attention);
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Attention);
        await page.GoTo(Attention.Timeline.Count);
        await page.Page.Locator(".node[aria-label^='leaf x']").ClickAsync();
        RecordedTensor x = Attention.Tensors.Single(tensor => tensor.Name == "x");
        await page.Settle();
        double[] before = Attention.GradientOf(x)!.Values<double>().ToArray();
        Assert.Equal(before, await page.NumbersOf("output gradient"));

        session.Execute("set x[0, 1, 2] = 3.25");
        double[] after = session.Recording.GradientOf(session.Recording.Tensors[x.Id])!.Values<double>().ToArray();
        Assert.NotEqual(before, after);
        await Reload(page, () => Command(page, "set x[0, 1, 2] = 3.25"));
        await Assertions.Expect(page.Page.Locator("#place")).ToContainTextAsync("what if");
        Assert.Equal(Attention.Timeline.Count, await page.Cursor());
        await page.Page.Locator(".node[aria-label^='leaf x']").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#panel-head h2")).ToHaveTextAsync("xleaf");
        Assert.Equal(after, await page.NumbersOf("output gradient"));

        await Reload(page, () => page.Page.ClickAsync("#place"));
        await Assertions.Expect(page.Page.Locator("#place")).ToBeHiddenAsync();
        await page.Page.Locator(".node[aria-label^='leaf x']").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#panel-head h2")).ToHaveTextAsync("xleaf");
        Assert.Equal(before, await page.NumbersOf("output gradient"));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Into_a_fused_operation_shows_its_composed_form_and_out_returns_to_the_place()
    {
        Recording recording = TrialRecordings.Translation();
        RecordedOperation fused = recording.Operations.First(operation => operation.Kind == "ScaledDotProductAttention");
        DebugSession session = new(recording);
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"goto {fused.Number}"));
        session.Execute("into");
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, recording);
        await page.GoTo(fused.Number);
        await page.Press("x");
        await Reload(page, () => Command(page, "into"));
        await Assertions.Expect(page.Page.Locator("#place")).ToContainTextAsync($"inside {session.Inside}");
        await Assertions.Expect(page.Page.Locator("#position")).ToContainTextAsync($"/ {session.Recording.Timeline.Count} ");
        await Assertions.Expect(page.Page.Locator(".node[aria-label*='Softmax']")).ToHaveCountAsync(1);
        await page.Press("n", "n");
        session.Execute("goto 2");
        Assert.Equal(session.Execute("where").Text, await Command(page, "where"));

        await Reload(page, () => Command(page, "out"));
        Assert.Equal(fused.Number, await page.Cursor());
        await Assertions.Expect(page.Page.Locator("#breakpoints li .name")).ToHaveTextAsync([$"operation #{fused.Number}"]);
        await Assertions.Expect(page.Page.Locator("#command-answers .asked").Last).ToHaveTextAsync("> out");
        Assert.Empty(page.Errors);
    }

    // Types a command; returns its answer.
    private static async Task<string> Command(DebuggerPage page, string line)
    {
        ILocator asked = page.Page.Locator("#command-answers .asked");
        int before = await asked.CountAsync();
        await page.Page.FillAsync("#command", line);
        await page.Page.PressAsync("#command", "Enter");
        await Assertions.Expect(asked).ToHaveCountAsync(before + 1);
        await page.Settle();
        return await page.Page.Locator("#command-answers pre").Last.TextContentAsync() ?? string.Empty;
    }

    private static async Task Reload(DebuggerPage page, Func<Task> action)
    {
        await page.Page.EvaluateAsync("() => { document.body.dataset.old = 'true'; }");
        await action();
        await page.Page.WaitForSelectorAsync("body[data-ready]:not([data-old])");
        await page.Settle();
    }
}

using System.Globalization;
using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Browser.Tests;

/// <summary>Formulas, causes, finite differences and commands on the page are the engine's.</summary>
[Collection(BrowserTests.Name)]
public sealed class AnswerTests(ChromiumFixture chromium)
{
    private static readonly Recording Attention = TrialRecordings.Attention();

    [BrowserFact]
    public async Task The_formula_is_that_of_the_element_one_chooses_served_and_in_a_file()
    {
        TimelineEvent entry = Attention.Timeline.Last(e => e.Kind == TimelineEventKind.Backward && e.Operation!.Kind == "Softmax");
        Explanation forward = Formula.OfForward(Attention, entry.Operation!, 4);
        Explanation backward = Formula.OfBackward(Attention, entry, 0, 7);
        foreach (bool isServed in (bool[])[true, false])
        {
            await using DebuggerPage page = isServed ? await DebuggerPage.Serve(chromium, Attention) : await DebuggerPage.FromFile(chromium, Attention);
            await page.GoTo(entry.Number);
            await Choose(page, "output", 4);
            await Assertions.Expect(page.Page.Locator(".formula .line")).ToHaveTextAsync(forward.Line);
            await Assertions.Expect(page.Page.Locator(".formula .general")).ToHaveTextAsync(forward.General);
            await Choose(page, "contribution 0", 7);
            await Assertions.Expect(page.Page.Locator(".formula .line")).ToHaveTextAsync(backward.Line);
            Assert.Empty(page.Errors);
        }
    }

    [BrowserFact]
    public async Task Why_lights_up_its_path_and_leads_to_its_events()
    {
        RecordedTensor weight = Attention.Tensors.Single(tensor => tensor.Name == "in_proj_weight");
        WhyReport report = Why.OfGradient(Attention, weight, 0);
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Attention);
        await page.GoTo(Attention.Timeline.Count);
        await page.Page.Locator(".node[aria-label*='in_proj_weight']").ClickAsync();
        await Choose(page, "output gradient", 0);
        await page.Page.Keyboard.PressAsync("y");
        ILocator steps = page.Page.Locator(".why-report .step");
        await Assertions.Expect(steps.First).ToHaveTextAsync(report.Steps[0].Text);
        Assert.Equal(report.Steps.Count, await steps.CountAsync());
        Assert.True(await page.Page.Locator(".node.why").CountAsync() >= 2);
        Assert.True(await page.Page.Locator(".edge.why").CountAsync() >= 1);
        await steps.First.ClickAsync();
        await page.Settle();
        Assert.Equal(report.Steps[0].Event, await page.Cursor());

        // The answer stays while one walks along it, until it is cleared.
        await steps.Last.ClickAsync();
        await page.Settle();
        Assert.Equal(report.Steps[^1].Event, await page.Cursor());
        await page.Press("Escape");
        await Assertions.Expect(steps).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".node.why")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task The_finite_difference_agrees_served_and_in_a_file()
    {
        RecordedTensor x = Attention.Tensors.Single(tensor => tensor.Name == "x");
        FiniteDifferenceReport report = FiniteDifference.Check(Attention, x, 5);
        Assert.True(report.Agrees);
        foreach (bool isServed in (bool[])[true, false])
        {
            await using DebuggerPage page = isServed ? await DebuggerPage.Serve(chromium, Attention) : await DebuggerPage.FromFile(chromium, Attention);
            await page.GoTo(Attention.Timeline.Count);
            await page.Page.Locator(".node[aria-label^='leaf x']").ClickAsync();
            await Choose(page, "output gradient", 5);
            await page.Page.Keyboard.PressAsync("d");
            ILocator numbers = page.Page.Locator(".difference.agrees td");
            await Assertions.Expect(numbers).ToHaveCountAsync(3);
            string[] shown = [.. await numbers.AllTextContentsAsync()];
            Assert.Equal([report.Recorded, report.Replayed, report.Difference], shown.Select(text => double.Parse(text, CultureInfo.InvariantCulture)));
        }
    }

    [BrowserFact]
    public async Task A_file_says_what_only_the_live_debugger_answers()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, TrialRecordings.Translation());
        await page.GoTo(5);
        await page.Page.Locator("#difference").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".answers")).ToContainTextAsync("dotnet run --project samples/BackpropDebugger");
        await Assertions.Expect(page.Page.Locator("#commands")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Commands_answer_as_in_the_terminal_and_share_the_cursor()
    {
        DebugSession session = new(Attention);
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Attention);
        await page.GoTo(3);
        session.Execute("goto 3");
        await page.Page.Keyboard.PressAsync("t");
        await page.Page.Keyboard.PressAsync("/");
        foreach (string line in (string[])["next", "print x", "no such command"])
        {
            await page.Page.Keyboard.TypeAsync(line);
            await page.Page.Keyboard.PressAsync("Enter");
            ILocator answer = page.Page.Locator("#command-answers pre").Last;
            await Assertions.Expect(page.Page.Locator("#command-answers .asked").Last).ToHaveTextAsync("> " + line);
            Assert.Equal(session.Execute(line).Text, await answer.TextContentAsync());
        }

        Assert.Equal(4, await page.Cursor());
    }

    // Clicks the cell of a position, in whatever slice it is.
    private static async Task Choose(DebuggerPage page, string section, int position)
    {
        ILocator cell = page.Page.Locator($"details[data-section='{section}'] td[data-position='{position}']");
        await Assertions.Expect(page.Page.Locator($"details[data-section='{section}']")).ToHaveCountAsync(1);
        if (!await page.Page.Locator($"details[data-section='{section}']").EvaluateAsync<bool>("details => details.open"))
            await page.Page.Locator($"details[data-section='{section}'] summary").ClickAsync();
        await cell.ClickAsync();
        await Assertions.Expect(page.Page.Locator($"details[data-section='{section}'] td.chosen")).ToHaveCountAsync(1);
    }
}

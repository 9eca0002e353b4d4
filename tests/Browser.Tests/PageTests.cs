using System.Globalization;
using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Browser.Tests;

/// <summary>Breakpoints, watches, attention, folding, speed, light and dark.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageTests(ChromiumFixture chromium)
{
    [BrowserFact]
    public async Task Breakpoints_stop_where_the_session_does_both_ways()
    {
        Recording recording = TrialRecordings.Translation();
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, recording);
        await Expect(page, "kind", "activatedlinear", "kind ActivatedLinear");
        await Expect(page, "kind", "*Norm", "kind *Norm");
        await Expect(page, "module", "decoder.*.multihead_attn", "module decoder.*.multihead_attn");
        await Expect(page, "module", "encoder", "module encoder");
        await Expect(page, "parameter", "*.linear1.weight", "parameter *.linear1.weight");
        await Expect(page, "shape", "[2, *, 32]", "shape [2, *, 32]");
        await Expect(page, "norm", "12.5", "norm any > 12.5");

        // Both ways the page stops where the session does.
        async Task Expect(DebuggerPage page, string kind, string text, string command)
        {
            int[] expected = StopsOf(recording, command);
            Assert.NotEmpty(expected);
            await page.Page.SelectOptionAsync("#add-breakpoint select", kind);
            await page.Page.FillAsync("#add-breakpoint input", text);
            await page.Page.ClickAsync("#add-breakpoint button");
            await page.GoTo(0);
            await page.Page.Locator("#next").FocusAsync();
            foreach (int number in expected.Take(8))
            {
                await page.Press("c");
                Assert.Equal(number, await page.Cursor());
            }

            await page.Press("End");
            int before = expected.Last(number => number < recording.Timeline.Count);
            await page.Press("r");
            Assert.Equal(before, await page.Cursor());
            await page.Page.ClickAsync("#breakpoints li button");
        }
    }

    private static int[] StopsOf(Recording recording, string breakpoint)
    {
        DebugSession session = new(recording);
        Assert.False(session.Execute("break " + breakpoint).IsError);
        List<int> stops = [];
        while (session.Cursor < recording.Timeline.Count && !session.Execute("continue").Text.StartsWith("no breakpoint", StringComparison.Ordinal))
            stops.Add(session.Cursor);
        return [.. stops];
    }

    [BrowserFact]
    public async Task A_breakpoint_is_set_by_a_click_on_a_nodes_dot()
    {
        Recording recording = TrialRecordings.Attention();
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, recording);
        int softmax = recording.Operations.Single(operation => operation.Kind == "Softmax").Number;
        await page.Page.Locator($".node[aria-label^='#{softmax} '] .stop").ClickAsync();
        await page.Page.ClickAsync("button[title^='On to']");
        await page.Settle();
        Assert.Equal(softmax, await page.Cursor());
        await Assertions.Expect(page.Page.Locator(".node.current")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("breakpoint"));
    }

    [BrowserFact]
    public async Task A_watch_shows_the_norm_of_the_engines_gradient()
    {
        Recording recording = TrialRecordings.Translation();
        RecordedTensor weight = recording.Tensors.Single(tensor => tensor.Name == "target_embedding.weight");
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, recording);
        await page.Page.Locator(".node[aria-label*='target_embedding.weight']").ClickAsync();
        await page.Page.Keyboard.PressAsync("p");
        await page.Page.Keyboard.PressAsync("w");
        ILocator norm = page.Page.Locator("#watches .number");
        await Assertions.Expect(norm).ToHaveTextAsync("0");
        IReadOnlyList<TimelineEvent> events = recording.GradientEventsOf(weight);
        Assert.Equal(2, events.Count);
        foreach (TimelineEvent entry in events)
        {
            await page.GoTo(entry.Number);
            double shown = double.Parse(await norm.InnerTextAsync(), CultureInfo.InvariantCulture);
            double expected = recording.GradientOf(weight, entry.Number)!.Statistics.Norm;
            Assert.InRange(shown, expected * 0.999, expected * 1.001);
        }
    }

    [BrowserFact]
    public async Task Attention_has_a_heat_map_for_each_head_with_the_right_words_on_its_axes()
    {
        Recording recording = TrialRecordings.Translation();
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, recording);
        await Axes("encoder.layers.0.self_attn", "source", "source");
        await Axes("decoder.layers.0.self_attn", "target", "target");
        await Axes("decoder.layers.0.multihead_attn", "target", "source");

        async Task Axes(string module, string down, string across)
        {
            RecordedOperation operation = recording.Operations.Single(o => o.Kind == "ScaledDotProductAttention" && o.Module == module);
            await page.GoTo(operation.Number);
            ILocator heads = page.Page.Locator("details[data-section='attention'] .heads section");
            Assert.Equal(2, await heads.CountAsync());
            Assert.Equal(recording.Words[down][0], await heads.First.Locator("tbody th").AllTextContentsAsync());
            Assert.Equal(recording.Words[across][0], await heads.First.Locator("thead th").AllTextContentsAsync());
            double[] weights = [.. operation.Saved["weights"].Values<float>().ToArray().Select(weight => (double)weight)];
            double[] shown = await page.NumbersOf("attention");
            Assert.Equal(weights[..50].Select(weight => (float)weight), shown.Select(weight => (float)weight));
        }
    }

    [BrowserFact]
    public async Task A_step_takes_less_than_a_tenth_of_a_second_with_a_thousand_operations()
    {
        Recording recording = TrialRecordings.Thousand();
        Assert.True(recording.Operations.Count >= 1000);
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, recording);
        double[] folded = await Steps(page, 900);
        await page.Page.Locator(".node.module").First.ClickAsync();
        Assert.True(await page.Page.Locator(".node.module").CountAsync() >= 50);
        double[] unfolded = await Steps(page, 1200);
        Console.WriteLine(FormattableString.Invariant(
            $"A step at 1000 operations: {folded[folded.Length / 2]:F0} ms folded, {unfolded[unfolded.Length / 2]:F0} ms with 50 modules in sight."));
        Assert.InRange(folded[folded.Length / 2], 0, 100);
        Assert.InRange(unfolded[unfolded.Length / 2], 0, 100);

        // From the press of the button until graph and panel show the new event, layout included.
        static async Task<double[]> Steps(DebuggerPage page, int from)
        {
            await page.GoTo(from);
            double[] times = await page.Page.EvaluateAsync<double[]>(
                """
                async () => {
                  const times = [];
                  const panel = document.querySelector("#panel");
                  for (let i = 0; i < 25; i++) {
                    const begun = performance.now();
                    document.querySelector("#next").click();
                    const cursor = document.querySelector("#scrubber").value;
                    while (panel.dataset.cursor !== cursor) await new Promise(done => setTimeout(done));
                    document.body.getBoundingClientRect();
                    times.push(performance.now() - begun);
                  }
                  return times.sort((a, b) => a - b);
                }
                """);
            return times;
        }
    }

    [BrowserFact]
    public async Task Light_and_dark_follow_the_system_until_one_chooses()
    {
        Recording recording = TrialRecordings.Attention();
        await using DebuggerPage dark = await DebuggerPage.FromFile(chromium, recording, scheme: ColorScheme.Dark);
        await using DebuggerPage light = await DebuggerPage.FromFile(chromium, recording);
        Assert.InRange(await Brightness(dark), 0, 60);
        Assert.InRange(await Brightness(light), 200, 255);
        await light.Page.Keyboard.PressAsync("l");
        Assert.InRange(await Brightness(light), 0, 60);
        await light.Page.ClickAsync("#theme");
        Assert.InRange(await Brightness(light), 200, 255);

        static Task<double> Brightness(DebuggerPage page) => page.Page.EvaluateAsync<double>(
            "() => Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number))");
    }
}

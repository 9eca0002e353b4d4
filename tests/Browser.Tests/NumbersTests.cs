using System.Globalization;
using Microsoft.Playwright;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Browser.Tests;

/// <summary>What the page shows is what the engine computed, to the last bit.</summary>
[Collection(BrowserTests.Name)]
public sealed class NumbersTests(ChromiumFixture chromium)
{
    private static readonly Recording Attention = TrialRecordings.Attention();

    [BrowserFact]
    public async Task Every_step_there_shows_the_engines_numbers_when_served()
    {
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, Attention);
        await Walk(page, "n", Enumerable.Range(1, Attention.Timeline.Count));
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Every_step_there_and_back_shows_the_engines_numbers_from_a_file()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, Attention);
        await Walk(page, "n", Enumerable.Range(1, Attention.Timeline.Count));
        await Walk(page, "b", Enumerable.Range(1, Attention.Timeline.Count - 1).Reverse());
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task A_painted_heat_map_reads_out_single_precision_numbers_that_give_back_the_same_bits()
    {
        Recording recording = TrialRecordings.Translation();
        TimelineEvent entry = recording.Timeline.Last(e => e.Operation is { Kind: "LayerNorm" });
        await using DebuggerPage page = await DebuggerPage.Serve(chromium, recording);
        await page.GoTo(entry.Number);
        ILocator canvas = page.Page.Locator("#panel details[data-section='output gradient'] canvas");
        ILocator readout = page.Page.Locator("#panel details[data-section='output gradient'] output");
        RecordedValues gradient = recording.GradientOf(entry.Tensor, entry.Number)!;
        await canvas.FocusAsync();
        HashSet<int> seen = [];
        foreach (string key in (string[])["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp"])
        {
            await page.Page.Keyboard.PressAsync(key);
            string[] parts = (await readout.InnerTextAsync()).Split(" = ");
            int[] index = [.. parts[0].Trim('[', ']').Split(", ").Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
            int position = (((index[0] * gradient.Shape[1]) + index[1]) * gradient.Shape[2]) + index[2];
            Assert.Equal((float)gradient.ValueAt(position), float.Parse(parts[1], CultureInfo.InvariantCulture));
            seen.Add(position);
        }

        Assert.True(seen.Count >= 4, "The arrow keys move from number to number.");
    }

    [BrowserFact]
    public async Task A_gradient_of_several_contributions_is_the_engines_sum_while_it_grows()
    {
        await using DebuggerPage page = await DebuggerPage.FromFile(chromium, Attention);
        RecordedTensor x = Attention.Tensors.Single(tensor => tensor.Name == "x");
        IReadOnlyList<TimelineEvent> events = Attention.GradientEventsOf(x);
        Assert.Equal(3, events.Count);
        await page.Page.Locator(".node[aria-label^='leaf x']").ClickAsync();
        await page.Press("p");
        for (int i = 0; i < events.Count; i++)
        {
            await page.GoTo(events[i].Number);
            Assert.Equal(Attention.GradientOf(x, events[i].Number)!.Values<double>().ToArray(), await page.NumbersOf("output gradient"));
            await Assertions.Expect(page.Page.Locator("details[data-section='output gradient'] .badge")).ToHaveTextAsync($"{i + 1} of 3 contributions");
            await Assertions.Expect(page.Page.Locator(".node[aria-label^='leaf x'] .badge")).ToHaveTextAsync($"{i + 1} of 3");
        }
    }

    private static async Task Walk(DebuggerPage page, string key, IEnumerable<int> cursors)
    {
        foreach (int cursor in cursors)
        {
            await page.Press(key);
            Assert.Equal(cursor, await page.Cursor());
            TimelineEvent entry = Attention.Timeline[cursor - 1];
            if (entry.Kind != TimelineEventKind.BackwardStart)
                await Compare(page, entry, cursor);
        }
    }

    private static async Task Compare(DebuggerPage page, TimelineEvent entry, int cursor)
    {
        Assert.Equal(FirstMatrix(entry.Tensor.Values), await page.NumbersOf("output"));
        RecordedValues? gradient = Attention.GradientOf(entry.Tensor, cursor);
        if (gradient is not null)
            Assert.Equal(FirstMatrix(gradient), await page.NumbersOf("output gradient"));
        foreach (Contribution contribution in entry.Contributions)
        {
            double[] shown = await page.NumbersOf(string.Create(CultureInfo.InvariantCulture, $"contribution {contribution.InputPosition}"));
            // The chosen element's slice is the one in sight.
            Assert.Contains(Matrices(contribution.Values), matrix => matrix.SequenceEqual(shown));
        }
    }

    private static double[] FirstMatrix(RecordedValues values) => Matrices(values).First();

    private static IEnumerable<double[]> Matrices(RecordedValues values)
    {
        int size = values.Shape.Rank < 3 ? values.Count : values.Shape[-1] * values.Shape[-2];
        double[] all = values.Values<double>().ToArray();
        return all.Chunk(size);
    }
}

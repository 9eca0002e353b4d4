using System.Globalization;
using Microsoft.Playwright;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;
using Xunit;

namespace Browser.Tests;

/// <summary>Recordings as nobody wishes them: empty, left out, not finite, with names that are traps, with long axes.</summary>
[Collection(BrowserTests.Name)]
public sealed class OddRecordingTests(ChromiumFixture chromium)
{
    private const string Trap = "\ud800</script><!--<script>\u2028 ' \" & \\";

    private static readonly double[] Strange = [-0.0, 4.9e-324, double.NaN, double.PositiveInfinity, 1e200, 0.1];

    [BrowserFact]
    public async Task An_empty_recording_opens_and_says_so()
    {
        foreach (bool isServed in (bool[])[true, false])
        {
            await using DebuggerPage page = await Open(Empty(), isServed);
            await page.Page.Keyboard.PressAsync("n");
            await page.Page.Keyboard.PressAsync("c");
            await page.Page.Keyboard.PressAsync("g");
            await Assertions.Expect(page.Page.Locator("#panel")).ToContainTextAsync("empty");
            Assert.Equal(0, await page.Cursor());
            Assert.Empty(page.Errors);
        }
    }

    [BrowserFact]
    public async Task Names_that_are_traps_stay_names_and_strange_numbers_keep_their_bits()
    {
        Recording recording = Traps();
        foreach (bool isServed in (bool[])[true, false])
        {
            await using DebuggerPage page = await Open(recording, isServed);
            for (int i = 0; i < recording.Timeline.Count; i++)
                await page.Press("n");
            await page.Page.Keyboard.PressAsync("w");
            await Assertions.Expect(page.Page.Locator("#watches .number")).ToContainTextAsync("NaN");
            await page.Page.Locator(".node[aria-label^='leaf __proto__']").ClickAsync();
            await Assertions.Expect(page.Page.Locator("#panel-head h2")).ToHaveTextAsync("__proto__leaf");
            double[] shown = await page.NumbersOf("output");
            Assert.Equal(Strange.Select(BitConverter.DoubleToInt64Bits), shown.Select(BitConverter.DoubleToInt64Bits));
            Assert.True(await page.Page.EvaluateAsync<bool>("Object.keys(Object.prototype).length === 0 && !({}).label"));
            await Assertions.Expect(page.Page.Locator("#case .words").First).ToContainTextAsync("</script><!--<script>");
            int[] boxes = await page.Page.EvaluateAsync<int[]>("() => [document.querySelector('#panel').scrollWidth, document.querySelector('#panel').clientWidth]");
            Assert.True(boxes[0] <= boxes[1], "Long names make the panel no wider.");
            Assert.Empty(page.Errors);
        }
    }

    [BrowserFact]
    public async Task Single_precision_sums_are_rounded_as_the_engine_rounds_them()
    {
        Recording recording = SinglePrecisionSum();
        RecordedTensor x = recording.Tensors.Single(tensor => tensor.Name == "x");
        await using DebuggerPage page = await Open(recording, isServed: true);
        await page.GoTo(recording.Timeline.Count);
        await page.Page.Locator(".node[aria-label^='leaf x']").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#panel-head h2")).ToHaveTextAsync("xleaf");
        float[] shown = [.. (await page.NumbersOf("output gradient")).Select(number => (float)number)];
        Assert.Equal(recording.GradientOf(x)!.Values<float>().ToArray().Select(BitConverter.SingleToInt32Bits), shown.Select(BitConverter.SingleToInt32Bits));
    }

    [BrowserFact]
    public async Task The_gradient_of_a_computed_tensor_that_was_edited_is_the_engines()
    {
        Recording recording = Edited();
        RecordedTensor y = recording.Operations[0].Output;
        Assert.True(recording.Tensors.Count(tensor => tensor.Version == 2) == 1 && recording.GradientEventsOf(y).Count == 2);
        await using DebuggerPage page = await Open(recording, isServed: false);
        await page.GoTo(recording.Timeline.Count);
        await page.Page.Locator($".node[aria-label^='#{y.Producer!.Number} ']").ClickAsync();
        await page.Settle();
        Assert.Equal(recording.GradientOf(y)!.Values<double>().ToArray(), await page.NumbersOf("output gradient"));
    }

    [BrowserFact]
    public async Task A_name_stops_at_all_versions_of_a_parameter_and_a_version_at_its_own()
    {
        Recording recording = CaseCatalogue.All.Single(entry => entry.Name == "learning-rate").Record();
        await using DebuggerPage page = await Open(recording, isServed: false);
        await page.Page.SelectOptionAsync("#add-breakpoint select", "parameter");
        foreach (string name in (string[])["line.weight", "line.weight@1", "line.weight@2"])
        {
            DebugSession session = new(recording);
            Assert.False(session.Execute("break parameter " + name).IsError);
            await page.Page.FillAsync("#add-breakpoint input", name);
            await page.Page.ClickAsync("#add-breakpoint button");
            await page.GoTo(0);
            await page.Page.Locator("#next").FocusAsync();
            for (int i = 0; i < 4; i++)
            {
                session.Execute("continue");
                await page.Press("c");
                Assert.Equal(session.Cursor, await page.Cursor());
            }

            await page.Page.ClickAsync("#breakpoints li button");
        }
    }

    [BrowserFact]
    public async Task What_was_left_out_says_so_and_shows_its_statistics()
    {
        Recording recording = LeftOut();
        await using DebuggerPage page = await Open(recording, isServed: true);
        await page.GoTo(recording.Timeline.Count);
        foreach (string section in (string[])["output", "output gradient", "contribution 0"])
        {
            ILocator details = page.Page.Locator($"details[data-section='{section}']");
            await Assertions.Expect(details.Locator(".alarm")).ToContainTextAsync("left");
            await Assertions.Expect(details.Locator(".statistics")).ToContainTextAsync("norm");
        }

        await page.Press("w");
        await Assertions.Expect(page.Page.Locator("#watches .sparkline")).ToHaveCountAsync(1);
        Assert.Empty(page.Errors);
    }

    [BrowserFact]
    public async Task Every_slice_and_every_word_of_long_axes_is_in_reach()
    {
        Recording recording = LongAttention();
        RecordedOperation softmax = recording.Operations.Single(operation => operation.Kind == "Softmax");
        await using DebuggerPage page = await Open(recording, isServed: true);
        await page.GoTo(softmax.Number);
        ILocator names = page.Page.Locator("details[data-section='attention'] .named").First;
        Assert.Equal(recording.Words["source"][0], await names.Locator(".column-names span").AllTextContentsAsync());
        Assert.Equal(recording.Words["source"][0], await names.Locator(".row-names span").AllTextContentsAsync());

        ILocator weights = page.Page.Locator("details[data-section='output']");
        await weights.Locator("summary").ClickAsync();
        await page.Page.Locator("select[aria-label^='Axis 0 of values']").First.SelectOptionAsync("299");
        await page.Page.Locator("select[aria-label^='Axis 1 of values']").First.SelectOptionAsync("1");
        await Assertions.Expect(weights.Locator(".readout")).ToContainTextAsync("[299, 1, ");
        string[] parts = (await weights.Locator(".readout").InnerTextAsync()).Split(" = ");
        int[] index = [.. parts[0].Trim('[', ']').Split(", ").Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        Assert.Equal((float)softmax.Output.Values.ValueAt((((((index[0] * 2) + index[1]) * 15) + index[2]) * 15) + index[3]), float.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private Task<DebuggerPage> Open(Recording recording, bool isServed) =>
        isServed ? DebuggerPage.Serve(chromium, recording) : DebuggerPage.FromFile(chromium, recording);

    private static Recording Empty()
    {
        using Recorder recorder = new();
        return recorder.ToRecording();
    }

    private static Recording Traps()
    {
        using Recorder recorder = new();
        recorder.AddWords("__proto__", [["constructor", Trap]]);
        recorder.AddFact("hasOwnProperty", Trap);
        Tensor x = Tensor.From(Strange, [2, 3], DType.Float64).AsLeaf().Named("__proto__");
        Tensor w = Tensor.From([1, 2, 3, 4, 5, 6], [2, 3], DType.Float64).AsLeaf().Named(Trap + new string('n', 200));
        using ModuleScope scope = recorder.EnterModule("constructor.__proto__." + new string('m', 80), Trap);
        ((x * w) + w).Softmax().Named("toString").Sum().Backward();
        return recorder.ToRecording();
    }

    private static Recording SinglePrecisionSum()
    {
        using Recorder recorder = new();
        Tensor x = Tensor.From([0.1, -0.7, 3.3e-5, 1e7], [4], DType.Float32).AsLeaf().Named("x");
        ((x * x) + (x * 0.3) + x.Tanh() + (x * 1.7)).Sum().Backward();
        return recorder.ToRecording();
    }

    private static Recording Edited()
    {
        using Recorder recorder = new();
        Tensor x = Tensor.From([1, 2, 3], [3], DType.Float64).AsLeaf().Named("x");
        Tensor y = (x + x).Named("y");
        Tensor before = (y * 2.0).Sum();
        y.Edit<double>(values => values[0] = 7);
        Tensor after = (y * 3.0).Sum();
        (before + after).Backward();
        return recorder.ToRecording();
    }

    private static Recording LeftOut()
    {
        using Recorder recorder = new(new RecordingOptions { LargestTensor = 100 });
        Tensor x = Tensor.From([.. Enumerable.Range(0, 400).Select(i => (double)i)], [20, 20], DType.Float64).AsLeaf().Named("x");
        (x * x).Sum().Backward();
        return recorder.ToRecording();
    }

    private static Recording LongAttention()
    {
        using Recorder recorder = new();
        string[] words = [.. Enumerable.Range(0, 15).Select(i => string.Create(CultureInfo.InvariantCulture, $"word{i}"))];
        recorder.AddWords("source", [words]);
        double[] scores = [.. Enumerable.Range(0, 300 * 2 * 15 * 15).Select(i => Math.Sin(i))];
        Tensor.From(scores, [300, 2, 15, 15], DType.Float32).AsLeaf().Named("scores").Softmax();
        return recorder.ToRecording();
    }
}

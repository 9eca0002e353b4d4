using System.Globalization;
using System.Text.RegularExpressions;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Sessions;

/// <summary>What is printed is what was recorded.</summary>
public partial class LookingTests
{
    [Fact]
    public void Numbers_printed_in_full_read_back_to_the_engines_gradients()
    {
        Tensor x = Tensor.From([0.1, -1.0 / 3, 3, 1e-300], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor single = Tensor.From([0.1, -1.0 / 3, 3, 1e-30]).AsLeaf().Named("single");
        static Tensor Loss(Tensor a) => ((a * a) + a.Tanh()).Sum();
        Loss(x).Backward();
        Loss(single).Backward();
        double[] wanted = x.Gradient!.ToDoubles();
        double[] wantedSingle = single.Gradient!.ToDoubles();
        x.ZeroGradient();
        single.ZeroGradient();

        DebugSession session = new(Recorded.Of(() =>
        {
            Loss(x).Backward();
            Loss(single).Backward();
        }));
        session.Do("goto end");
        session.Do("format full");
        Assert.Equal(wanted, Numbers(session.Do("print x.grad")));
        Assert.Equal(wantedSingle, Numbers(session.Do("print single.grad")).Select(value => (double)(float)value));
        Assert.Contains("0.1", session.Do("print single[0]"), StringComparison.Ordinal);
        Assert.DoesNotContain("0.1000000", session.Do("print single[0]"), StringComparison.Ordinal);
        session.Do("format short");
        Assert.Contains("-0.333333", session.Do("print x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_has_a_line_for_each_row()
    {
        string[] lines = new DebugSession(Recorded.Attention()).Do("print attention.key").Split('\n');
        Assert.Equal("attention.key [3, 2] Float64", lines[0]);
        Assert.Equal(["   0.25  -0.75", "    1.5      1", "     -2    0.1"], lines[1..]);
    }

    [Fact]
    public void A_large_tensor_is_abbreviated_with_its_statistics()
    {
        DebugSession session = new(Recorded.Of(() =>
            Tensor.From([.. Enumerable.Range(0, 4000).Select(i => i - 1.0)], [2, 20, 100], DType.Float64).AsLeaf().Named("x").Sum().Backward()));
        string text = session.Do("print x");
        Assert.Contains("min -1 max 3998 mean 1998.5 norm", text, StringComparison.Ordinal);
        Assert.Contains("…", text, StringComparison.Ordinal);
        Assert.Contains("[1, :, :]", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 200, 2000);
        // A slice is what one asked for.
        Assert.Equal("x[1, 19, 97:100] [3] Float64\n  3996  3997  3998", session.Do("print x[1, 19, 97:]"));
        Assert.Contains("mean  1.5", session.Do("stats x[0, 0, 1:5]").Replace("1.5\r", "1.5", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("zeros 1 of 4000 (0 %)", session.Do("stats x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_heat_map_has_words_on_its_axes_and_digits_without_colour()
    {
        DebugSession session = new(Recorded.Attention());
        string[] lines = session.Do("heat weights").Split('\n');
        Assert.StartsWith("weights [2, 3]", lines[0], StringComparison.Ordinal);
        // The largest weight is a 9; columns are one, two, six, written downwards.
        Assert.Equal(["o t s", "n w i", "e o x"], lines[1..4].Select(line => line.Trim()));
        Assert.StartsWith("    ja ", lines[4], StringComparison.Ordinal);
        Assert.StartsWith("  nein ", lines[5], StringComparison.Ordinal);
        Assert.Contains("9", lines[4] + lines[5], StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", string.Concat(lines), StringComparison.Ordinal);

        session.UsesColor = true;
        Assert.Contains("\u001b[38;2;", session.Do("heat weights"), StringComparison.Ordinal);
        Assert.Contains("██", session.Do("heat weights"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_graph_shows_what_an_operation_is_made_from_and_what_reads_it()
    {
        DebugSession session = new(Recorded.Attention());
        session.Do("goto 3");
        Assert.Equal(
            """
            #3 Softmax weights [2, 3]  layer.attention
            made from
            └─ #2 MatMul scores [2, 3]  layer
               ├─ attention.query [2, 2]  leaf
               └─ #1 Permute [2, 3]  layer  …
            read by
            └─ #4 MatMul mixed [2, 2]  layer
               └─ #5 Tanh [2, 2]  layer  …
            """, session.Do("graph"));
        Assert.StartsWith("#2 MatMul scores [2, 3]", session.Do("graph 1 scores"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_name_operations_tensors_modules_and_gradients()
    {
        DebugSession session = new(Recorded.Attention());
        Assert.Equal("#3 Softmax(scores [2, 3]) → weights [2, 3]  in layer.attention", session.Do("operations Soft*"));
        Assert.Contains("attention.query [2, 2] Float64 leaf  {{1, 0.5}, {-1, 2}}", session.Do("tensors"), StringComparison.Ordinal);
        Assert.StartsWith("#5 [2, 2] Float64 ← #5 Tanh", session.Do("tensors #5"), StringComparison.Ordinal);
        Assert.Equal("layer  Layer, 5 operations, first #1\nlayer.attention  Attention, 1 operation, first #3", session.Do("modules"));
        Assert.Equal("attention.key    -\nattention.query  -", session.Do("gradients"));
        session.Do("goto end");
        Assert.Contains("attention.key    norm ", session.Do("gradients"), StringComparison.Ordinal);
        Assert.Contains("6 operations, 8 tensors of which 0 parameters, 1 backward pass, 13 events", session.Do("info"), StringComparison.Ordinal);
        Assert.Contains("all values were kept", session.Do("info"), StringComparison.Ordinal);
    }

    [Fact]
    public void Source_shows_the_line_of_the_program()
    {
        string text = new DebugSession(Recorded.Attention()).Do("source scores");
        Assert.Contains("tests/Autograd.Tests/Debugging/Sessions/Recorded.cs:", text, StringComparison.Ordinal);
        Assert.Contains("Tensor scores = query.MatMul", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_watched_is_shown_at_every_stop()
    {
        DebugSession session = new(Recorded.Squares());
        Assert.Equal("nothing is watched", session.Do("watch"));
        session.Do("watch x.grad");
        session.Do("watch norm(x.grad)");
        session.Do("watch norm(x.grad) > 5");
        string[] text = session.Do("goto 8").Split('\n');
        Assert.Equal(["  x.grad = {0.786448, 0.280415, 0.00986604}", "  norm(x.grad) = 0.835", "  norm(x.grad) > 5 = false"], [text[^3], text[^2][..22], text[^1]]);
        Assert.EndsWith("norm(x.grad) > 5 = true", session.Do("goto end"), StringComparison.Ordinal);
        session.Do("unwatch 1");
        Assert.DoesNotContain("  x.grad = {0.78", session.Do("goto 5"), StringComparison.Ordinal);
        session.Do("unwatch all");
        Assert.Contains("there is no watch 3", session.Fail("unwatch 3"), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_were_left_out_are_shown_as_statistics()
    {
        Recording recording;
        using (Recorder recorder = new(new RecordingOptions { LargestTensor = 2 }))
        {
            Tensor x = Tensor.From([1, 2, 2], dtype: DType.Float64).AsLeaf().Named("x");
            (x * x).Sum().Backward();
            recording = recorder.ToRecording();
        }

        DebugSession session = new(recording);
        Assert.Contains("left out for their size, kept as statistics: 2 tensors (x, #1) and 3 contributions", session.Do("info"), StringComparison.Ordinal);
        Assert.Contains("norm 3 (values left out)", session.Do("print x"), StringComparison.Ordinal);
        Assert.Contains("event 5 of 5", session.Do("next all"), StringComparison.Ordinal);
        Assert.Contains("left out", session.Fail("print x.grad"), StringComparison.Ordinal);
    }

    private static double[] Numbers(string text) =>
        [.. NumberPattern().Matches(text[text.IndexOf('\n', StringComparison.Ordinal)..]).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"[^\s]+")]
    private static partial Regex NumberPattern();
}

using System.Text.Json;
using System.Xml.Linq;
using Benchmarks.Comparing;
using Benchmarks.Measuring;
using Benchmarks.Plots;
using Benchmarks.Scaling;
using Xunit;

namespace Benchmarks.Tests.Plots;

public class PictureTests
{
    private static readonly MachineDescription Machine = new("A & B", 2, 512, 100, 200, "Linux", ".NET");

    [Fact]
    public void Bars_are_as_long_as_the_times_they_stand_for()
    {
        ComparisonRow step = new()
        {
            Part = Parts.Steps,
            Name = "tiny",
            Unit = "ms",
            Ours = new Spread(7, 7, 7, 1),
            PyTorch = new Spread(28, 28, 28, 1),
            Ratio = new Spread(4, 4, 4, 1),
        };
        XElement picture = XElement.Parse(StepTimePlot.Draw(new Comparison(Machine, "PyTorch", 2, 1, 1, 0, [step])));
        double LengthOf(string color) => picture.Elements().Where(element => element.Name.LocalName == "rect" && (string?)element.Attribute("fill") == color)
            .Max(element => (double)element.Attribute("width")!);
        Assert.Equal(4, LengthOf(Svg.Theirs) / LengthOf(Svg.Ours), 1e-3);
        Assert.Contains(picture.Elements(), element => element.Value == "4.0 ×");
    }

    [Fact]
    public void A_comparison_without_steps_is_refused() => Assert.Throws<InvalidDataException>(
        () => StepTimePlot.Draw(new Comparison(Machine, null, 2, 1, 1, 0, [])));

    [Fact]
    public void A_power_law_goes_through_its_points()
    {
        static ScalingPoint At(int size, bool tooNoisy = false) => new(size, size * size, 1, 100, 1, 1, 0, tooNoisy);
        ScalingResult quadratic = new("length", "--preset long --batch 1", [At(2), At(4, tooNoisy: true), At(8)]);
        XElement picture = XElement.Parse(ScalingPlot.Draw(JsonElement.Parse(JsonLine.Text(new[] { quadratic })), "a machine"));
        XElement line = picture.Elements().Last(element => element.Name.LocalName == "line");
        XElement[] dots = [.. picture.Elements().Where(element => element.Name.LocalName == "circle")];
        Assert.Equal(3, dots.Length);
        Assert.Equal((double)line.Attribute("y1")!, (double)dots[0].Attribute("cy")!, 0.02);
        Assert.Equal((double)line.Attribute("y2")!, (double)dots[^1].Attribute("cy")!, 0.02);
        Assert.Equal("#ffffff", (string?)dots[1].Attribute("fill"));
        foreach (string text in new[] { "time ∝ length ^ 2.00", "preset long, batch 1", "4.0", "16.0", "64.0", "a machine; hollow: other programs took more than a tenth of a processor" })
            Assert.Contains(picture.Elements(), element => element.Value == text);
    }
}

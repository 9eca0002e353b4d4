using System.Text.Json;
using System.Xml.Linq;
using Benchmarks.Plots;
using Xunit;

namespace Benchmarks.Tests.Plots;

public class BleuPlotTests
{
    [Fact]
    public void Curves_of_both_sides_are_read()
    {
        BleuRun ours = BleuRun.Read("ours", JsonElement.Parse(
            """{"epochs":2,"curve":[{"epoch":1,"trainSeconds":30,"validationLoss":3,"bleu":20.5},{"epoch":2,"trainSeconds":60,"validationLoss":2,"bleu":null}]}"""));
        BleuRun theirs = BleuRun.Read("PyTorch", JsonElement.Parse(
            """{"threads":2,"curve":[{"epoch":1,"train_s":88.5,"train_s_total":88.5,"val_loss":3,"bleu":12},{"epoch":2,"train_s":88.5,"train_s_total":177,"val_loss":2,"bleu":21}]}"""));
        Assert.Equal([(30, 20.5)], ours.Points);
        Assert.Equal([(88.5, 12), (177, 21)], theirs.Points);
        Assert.Throws<InvalidDataException>(() => BleuRun.Read("x", JsonElement.Parse("""{"curve":[]}""")));
        Assert.Throws<InvalidDataException>(() => BleuRun.Read("x", JsonElement.Parse("{}")));
    }

    [Fact]
    public void A_level_is_reached_when_a_score_first_has_it()
    {
        BleuRun run = new("x", [(10, 5), (20, 9), (30, 8), (40, 9.5)]);
        Assert.Equal([10, 20, 20, 40, double.PositiveInfinity], new[] { 5, 8, 9, 9.2, 9.6 }.Select(run.SecondsTo));
        Assert.Equal(9.5, run.Best);
    }

    [Fact]
    public void The_median_of_three_seeds_goes_epoch_by_epoch_as_far_as_all_of_them()
    {
        BleuRun[] seeds = [new("x", [(10, 5), (21, 30)]), new("x", [(11, 7), (20, 10)]), new("x", [(12, 6), (22, 20), (33, 40)])];
        Assert.Equal([(11, 6), (21, 20)], BleuRun.Median(seeds));
    }

    [Fact]
    public void Seeds_of_two_presets_stand_beside_PyTorch_with_the_seconds_to_each_level()
    {
        BleuRun[] runs =
        [
            new("multi30k", [(40, 20), (80, 32), (120, 38)]),
            new("multi30k", [(41, 20), (82, 34), (123, 39)]),
            new("multi30k", [(42, 20), (84, 30), (126, 32)]),
            new("best", [(40, 33), (80, 40)]),
            new("PyTorch", [(88, 20), (176, 32)]),
        ];
        XElement picture = XElement.Parse(BleuPlot.Draw(runs, [31.9, 37.9], "two cores"));
        XElement[] texts = Named(picture, "text");

        // Three thin curves and the median of the one, a curve of each of the others; three colors.
        XElement[] curves = Named(picture, "polyline");
        Assert.Equal(6, curves.Length);
        Assert.Equal(3, curves.Select(curve => (string?)curve.Attribute("stroke")).Distinct().Count());
        // Seconds to 31.9: 80, 82, 126, the middle one; to 37.9: 120, 123, never.
        Assert.Equal(["multi30k", "3", "38.0", "82", "123"], RowOf("multi30k"));
        Assert.Equal(["best", "1", "40.0", "40", "80"], RowOf("best"));
        Assert.Equal(["PyTorch", "1", "32.0", "176", "–"], RowOf("PyTorch"));
        Assert.Contains(texts, text => text.Value == "two cores");
        // Once at its curve, once in the table.
        Assert.Equal(2, texts.Count(text => text.Value == "best"));

        IEnumerable<string> RowOf(string name)
        {
            string? y = (string?)texts.Last(text => text.Value == name).Attribute("y");
            return texts.Where(text => (string?)text.Attribute("y") == y).Select(text => text.Value);
        }
    }

    [Fact]
    public void Names_at_the_ends_of_curves_do_not_lie_on_each_other()
    {
        Assert.Equal([100, 117, 10], Labels.Apart([100, 101, 10], 17));
        Assert.Equal([117, 100, 134], Labels.Apart([100.5, 100, 102], 17));
    }

    private static XElement[] Named(XElement picture, string name) => [.. picture.Descendants().Where(element => element.Name.LocalName == name)];
}

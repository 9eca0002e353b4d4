using System.Globalization;
using Transformer.Training;

namespace Transformer.Samples.Translate.Pictures;

/// <summary>Training and validation loss over the steps of a run.</summary>
internal static class LossPicture
{
    private const double Width = 760;
    private const double Height = 420;
    private const double Left = 64;
    private const double Right = 24;
    private const double Top = 48;
    private const double Bottom = 52;

    /// <summary>Draws both curves of a run.</summary>
    public static string Draw(TrainingHistory history)
    {
        IReadOnlyList<LossPoint> training = history.Training.Points;
        IReadOnlyList<LossPoint> validation = history.Validation.Points;
        SvgWriter svg = new(Width, Height);
        svg.Text(Left, 26, "Loss per target token (nats)", size: 15);
        double lastStep = Math.Max(1, training.Concat(validation).Select(point => point.Step).DefaultIfEmpty(1).Max());
        double largest = training.Concat(validation).Select(point => point.Loss).DefaultIfEmpty(1).Max();
        double unit = NiceUnit(largest / 5);
        double ceiling = Math.Ceiling(largest / unit) * unit;
        double X(double step) => Left + ((Width - Left - Right) * step / lastStep);
        double Y(double loss) => Height - Bottom - ((Height - Top - Bottom) * loss / ceiling);

        for (int tick = 0; tick * unit <= ceiling + (unit / 2); tick++)
        {
            svg.Line(Left, Y(tick * unit), Width - Right, Y(tick * unit), SvgWriter.Faint);
            svg.Text(Left - 8, Y(tick * unit) + 4, Number(tick * unit), anchor: "end");
        }

        double stepUnit = NiceUnit(lastStep / 6);
        for (double step = 0; step <= lastStep; step += stepUnit)
            svg.Text(X(step), Height - Bottom + 20, Number(step), anchor: "middle");
        svg.Text((Left + Width - Right) / 2, Height - 12, "step", anchor: "middle");
        svg.Curve(Smooth(training).Select(point => (X(point.Step), Y(point.Loss))), "#2f6fde");
        svg.Text(Width - Right, 26, "training (smoothed labels)", anchor: "end", fill: "#2f6fde");
        if (validation.Count > 0)
        {
            svg.Curve(validation.Select(point => (X(point.Step), Y(point.Loss))), "#d1495b");
            // One epoch is one point, which makes no line.
            foreach ((double step, double loss) in validation)
                svg.Dot(X(step), Y(loss), "#d1495b");
            svg.Text(Width - Right, 42, "validation", anchor: "end", fill: "#d1495b");
        }

        return svg.ToString();
    }

    // At most 300 points, each the mean of its share of the steps.
    private static IEnumerable<(double Step, double Loss)> Smooth(IReadOnlyList<LossPoint> points)
    {
        int size = Math.Max(1, (points.Count + 299) / 300);
        return points.Chunk(size).Select(part => (part.Average(point => point.Step), part.Average(point => point.Loss)));
    }

    // 1, 2 or 5 times a power of ten.
    private static double NiceUnit(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(rough, 1e-9))));
        double lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

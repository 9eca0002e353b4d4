using System.Globalization;

namespace Transformer.Autograd.Debugging.Sessions.Text;

/// <summary>Numbers as text that can be read back.</summary>
internal sealed class NumberText
{
    /// <summary>True to write as many digits as tell a number from its neighbours; else six.</summary>
    public bool IsFull { get; set; }

    public string Of(double value, DType dtype = DType.Float64)
    {
        // 0.1 in single precision has other shortest digits than the same number widened to double.
        if (IsFull)
        {
            return dtype == DType.Float32
                ? ((float)value).ToString("R", CultureInfo.InvariantCulture)
                : value.ToString("R", CultureInfo.InvariantCulture);
        }

        return Short(value);
    }

    /// <summary>Six significant digits.</summary>
    public static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>A share of 1 as a percentage.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    public static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}

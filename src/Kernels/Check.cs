using System.Globalization;
using System.Runtime.CompilerServices;

namespace Transformer.Kernels;

/// <summary>Argument checks of the kernels; the messages name the argument and both sizes.</summary>
internal static class Check
{
    public static void Length(string name, int actual, long expected)
    {
        if (actual != expected)
            throw new ArgumentException(Text($"{name} has {actual} elements, expected {expected}."));
    }

    public static void LengthOrEmpty(string name, int actual, long expected)
    {
        if (actual != 0)
            Length(name, actual, expected);
    }

    /// <summary>A shorter operand is repeated, so its length must divide the output's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Repeats(string name, int actual, int outputLength)
    {
        if (actual != outputLength && (actual <= 0 || outputLength % actual != 0))
            throw DoesNotDivide(name, actual, outputLength);
    }

    /// <summary>The number of rows in a matrix of <paramref name="length"/> elements.</summary>
    public static int Rows(string name, int length, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (columns == 0 ? length != 0 : length % columns != 0)
            throw new ArgumentException(Text($"{name} has {length} elements, which are no whole rows of {columns} columns."));
        return columns == 0 ? 0 : length / columns;
    }

    private static ArgumentException DoesNotDivide(string name, int actual, int outputLength) =>
        new(Text($"{name} has {actual} elements, which does not divide the output's {outputLength}."));

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

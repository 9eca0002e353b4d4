using System.Globalization;

namespace Transformer.Autograd.Debugging;

/// <summary>Elements and numbers as text.</summary>
internal static class ElementText
{
    /// <summary>The index of a row-major position: <c>[0, 2]</c>; <c>[]</c> for a scalar.</summary>
    public static string Index(Shape shape, int position) => $"[{string.Join(", ", shape.IndexOf(position))}]";

    /// <summary>An address that commands take: <c>x[0, 2]</c>, or the label alone for a scalar.</summary>
    public static string Address(RecordedTensor tensor, int position) =>
        tensor.Shape.Rank == 0 ? tensor.Label : tensor.Label + Index(tensor.Shape, position);

    /// <summary>Enough digits to see where two numbers part.</summary>
    public static string Long(double value) => value.ToString("G12", CultureInfo.InvariantCulture);

    /// <summary>An error or a step: two digits.</summary>
    public static string Brief(double value) => value.ToString("0.0e+00", CultureInfo.InvariantCulture);
}

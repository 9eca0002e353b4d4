using System.Globalization;
using System.Runtime.CompilerServices;

namespace Transformer.Layers;

/// <summary>What constructors demand of sizes.</summary>
internal static class SizeCheck
{
    /// <summary>The size itself where it is 1 or more.</summary>
    /// <param name="layer">The layer's class, for the message.</param>
    /// <param name="size">The size.</param>
    /// <param name="name">The constructor's parameter, taken from the call.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static int Positive(string layer, int size, [CallerArgumentExpression(nameof(size))] string name = "")
    {
        if (size < 1)
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{layer}: {name} is 1 or more, not {size}."));
        return size;
    }
}

namespace Transformer.Autograd.Files;

/// <summary>The format's name and size of every <see cref="ElementType"/>, and the sizes of tensors made of them.</summary>
internal static class ElementTypes
{
    private static readonly (ElementType Type, string Name, int Bits, Type? Number)[] Table =
    [
        (ElementType.Float32, "F32", 32, typeof(float)),
        (ElementType.Float64, "F64", 64, typeof(double)),
        (ElementType.Float16, "F16", 16, typeof(Half)),
        (ElementType.BFloat16, "BF16", 16, null),
        (ElementType.Int8, "I8", 8, typeof(sbyte)),
        (ElementType.Int16, "I16", 16, typeof(short)),
        (ElementType.Int32, "I32", 32, typeof(int)),
        (ElementType.Int64, "I64", 64, typeof(long)),
        (ElementType.UInt8, "U8", 8, typeof(byte)),
        (ElementType.UInt16, "U16", 16, typeof(ushort)),
        (ElementType.UInt32, "U32", 32, typeof(uint)),
        (ElementType.UInt64, "U64", 64, typeof(ulong)),
        (ElementType.Boolean, "BOOL", 8, null),
        (ElementType.Complex64, "C64", 64, null),
        (ElementType.Float8E5M2, "F8_E5M2", 8, null),
        (ElementType.Float8E4M3, "F8_E4M3", 8, null),
        (ElementType.Float8E8M0, "F8_E8M0", 8, null),
        (ElementType.Float8E4M3Fnuz, "F8_E4M3FNUZ", 8, null),
        (ElementType.Float8E5M2Fnuz, "F8_E5M2FNUZ", 8, null),
        (ElementType.Float6E2M3, "F6_E2M3", 6, null),
        (ElementType.Float6E3M2, "F6_E3M2", 6, null),
        (ElementType.Float4, "F4", 4, null),
    ];

    private static readonly Dictionary<string, ElementType> ByName = Table.ToDictionary(row => row.Name, row => row.Type, StringComparer.Ordinal);

    /// <summary>Table row i describes the i-th member of the enumeration; a test holds the two together.</summary>
    internal static string Name(this ElementType type) => Table[(int)type].Name;

    internal static int Bits(this ElementType type) => Table[(int)type].Bits;

    /// <summary>False for a name that the format does not have.</summary>
    internal static bool TryParse(string name, out ElementType type) => ByName.TryGetValue(name, out type);

    /// <summary>The element type that holds .NET's numbers of type <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static ElementType Of<T>()
    {
        foreach (var row in Table)
        {
            if (row.Number == typeof(T))
            {
                return row.Type;
            }
        }

        throw new ArgumentException($"safetensors files hold no elements of type {typeof(T).Name}");
    }

    /// <summary>
    /// Bytes of a tensor: the product of its sizes · bits / 8. The sizes other than 0 must not overflow among themselves, so that the
    /// verdict does not depend on their order.
    /// </summary>
    /// <exception cref="InvalidDataException">A size is negative, the product overflows, or the bits fill no whole bytes.</exception>
    internal static long ByteCount(ElementType type, IReadOnlyList<long> shape)
    {
        long bits = type.Bits();
        var empty = false;
        try
        {
            foreach (var size in shape)
            {
                if (size < 0)
                {
                    throw new InvalidDataException($"has a negative size in its shape {Text(shape)}");
                }

                empty |= size == 0;
                bits = checked(bits * Math.Max(size, 1));
            }
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"is too large: shape {Text(shape)} of {type.Name()} overflows 64 bits");
        }

        if (bits % 8 != 0 && !empty)
        {
            throw new InvalidDataException($"does not fill whole bytes: shape {Text(shape)} of {type.Name()}");
        }

        return empty ? 0 : bits / 8;
    }

    /// <summary>[2, 3]; long shapes are cut, since they may come from a hostile file.</summary>
    internal static string Text(IReadOnlyList<long> shape) =>
        shape.Count <= 8 ? $"[{string.Join(", ", shape)}]" : $"[{string.Join(", ", shape.Take(8))}, … {shape.Count} sizes]";
}

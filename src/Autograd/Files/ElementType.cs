namespace Transformer.Autograd.Files;

/// <summary>
/// What one element of a stored tensor is. All types of the format are known, so that any file can be checked and listed;
/// those that .NET has as numbers can be read as such by <see cref="SafetensorsEntry.Values{T}"/>.
/// </summary>
public enum ElementType
{
    /// <summary>IEEE 754 single precision, <c>F32</c>.</summary>
    Float32,

    /// <summary>IEEE 754 double precision, <c>F64</c>.</summary>
    Float64,

    /// <summary>IEEE 754 half precision, <c>F16</c>.</summary>
    Float16,

    /// <summary>The upper half of a Float32, <c>BF16</c>.</summary>
    BFloat16,

    /// <summary>Signed, 8 bits, <c>I8</c>.</summary>
    Int8,

    /// <summary>Signed, 16 bits, <c>I16</c>.</summary>
    Int16,

    /// <summary>Signed, 32 bits, <c>I32</c>.</summary>
    Int32,

    /// <summary>Signed, 64 bits, <c>I64</c>.</summary>
    Int64,

    /// <summary>Unsigned, 8 bits, <c>U8</c>.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits, <c>U16</c>.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits, <c>U32</c>.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits, <c>U64</c>.</summary>
    UInt64,

    /// <summary>A truth value in one byte, <c>BOOL</c>.</summary>
    Boolean,

    /// <summary>Real and imaginary Float32, <c>C64</c>.</summary>
    Complex64,

    /// <summary>8 bits, 5 of exponent, 2 of mantissa, <c>F8_E5M2</c>.</summary>
    Float8E5M2,

    /// <summary>8 bits, 4 of exponent, 3 of mantissa, <c>F8_E4M3</c>.</summary>
    Float8E4M3,

    /// <summary>8 bits of exponent alone, a scale, <c>F8_E8M0</c>.</summary>
    Float8E8M0,

    /// <summary><see cref="Float8E4M3"/> without infinities and without a negative zero, <c>F8_E4M3FNUZ</c>.</summary>
    Float8E4M3Fnuz,

    /// <summary><see cref="Float8E5M2"/> without infinities and without a negative zero, <c>F8_E5M2FNUZ</c>.</summary>
    Float8E5M2Fnuz,

    /// <summary>6 bits, 2 of exponent, 3 of mantissa, packed, <c>F6_E2M3</c>.</summary>
    Float6E2M3,

    /// <summary>6 bits, 3 of exponent, 2 of mantissa, packed, <c>F6_E3M2</c>.</summary>
    Float6E3M2,

    /// <summary>4 bits, packed, <c>F4</c>.</summary>
    Float4,
}

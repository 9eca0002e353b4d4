using System.Numerics;

namespace Transformer.Autograd;

/// <summary>The type of a tensor's elements.</summary>
public enum DType
{
    /// <summary>IEEE 754 single precision, 4 bytes: for training.</summary>
    Float32,

    /// <summary>IEEE 754 double precision, 8 bytes: for checking gradients.</summary>
    Float64,
}

/// <summary>Work that is written once for every element type; see <see cref="DTypes.Dispatch"/>.</summary>
public interface ITypedAction
{
    /// <summary>Does the work with <typeparamref name="T"/> as the element type.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    void Run<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>
/// The one place that turns a <see cref="DType"/> into a type argument. Beside it, only what holds or copies elements
/// (a tensor's memory and single elements, a checkpoint's entries) tells the two types apart.
/// </summary>
public static class DTypes
{
    /// <summary>Runs the action with float for <see cref="DType.Float32"/> and double for <see cref="DType.Float64"/>.</summary>
    /// <typeparam name="TAction">A struct, so that the call costs nothing.</typeparam>
    public static void Dispatch<TAction>(this DType dtype, ref TAction action)
        where TAction : struct, ITypedAction, allows ref struct
    {
        if (dtype == DType.Float32)
            action.Run<float>();
        else
            action.Run<double>();
    }

    /// <summary>Bytes of one element.</summary>
    public static int ByteSize(this DType dtype) => dtype == DType.Float32 ? sizeof(float) : sizeof(double);

    /// <summary>The dtype whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static DType Of<T>() =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64
        : throw new NotSupportedException($"A tensor holds float or double, not {typeof(T).Name}.");
}

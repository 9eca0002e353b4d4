using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <content>Ways to make a leaf.</content>
public partial class Tensor
{
    /// <summary>A tensor of zeros, in ordinary memory.</summary>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new Tensor(shape, dtype, Storage.Allocate(dtype, shape.ElementCount));
    }

    /// <summary>A tensor of one value, in ordinary memory.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32)
    {
        Tensor tensor = Zeros(shape, dtype);
        tensor.Fill(value);
        return tensor;
    }

    /// <summary>A single number, of shape <c>[]</c>.</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32) => Full(Shape.Scalar, value, dtype);

    /// <summary>A vector, or with a shape the values row by row; they are converted to the dtype and copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Tensor From(ReadOnlySpan<double> values, Shape? shape = null, DType dtype = DType.Float32)
    {
        Tensor tensor = Zeros(CheckedShape(values.Length, shape), dtype);
        tensor.CopyFrom(Wrap(values.ToArray(), tensor.Shape));
        return tensor;
    }

    /// <summary>A matrix of the given rows, converted to the dtype and copied.</summary>
    public static Tensor From(double[,] rows, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return From([.. rows.Cast<double>()], [rows.GetLength(0), rows.GetLength(1)], dtype);
    }

    /// <summary>
    /// A tensor on this very array, without a copy: Float32 for float, Float64 for double. Hand the array over: a later
    /// write to it is no <see cref="Edit"/>, and a backward pass would not notice it.
    /// </summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static Tensor Wrap<T>(T[] values, Shape? shape = null)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Tensor(CheckedShape(values.Length, shape), DTypes.Of<T>(), Storage.Wrap(values));
    }

    /// <summary>
    /// Normally distributed numbers; a function of the key, the position and the dtype alone (a double takes two of the
    /// key's words, a float one: the same key gives other numbers).
    /// </summary>
    public static Tensor Normal(Shape shape, RandomKey key, double mean = 0, double deviation = 1, DType dtype = DType.Float32)
    {
        Tensor tensor = Zeros(shape, dtype);
        NormalFill fill = new(tensor, key, mean, deviation);
        dtype.Dispatch(ref fill);
        return tensor;
    }

    /// <summary>Numbers uniform in [low, high), high itself only by rounding; a function of the key, the position and the dtype, as in <see cref="Normal"/>.</summary>
    public static Tensor Uniform(Shape shape, RandomKey key, double low = 0, double high = 1, DType dtype = DType.Float32)
    {
        Tensor tensor = Zeros(shape, dtype);
        UniformFill fill = new(tensor, key, low, high);
        dtype.Dispatch(ref fill);
        return tensor;
    }

    /// <summary>This leaf, with <see cref="RequiresGradient"/> set.</summary>
    public Tensor AsLeaf()
    {
        RequiresGradient = true;
        return this;
    }

    /// <summary>This tensor, with <see cref="Name"/> set: <c>Tensor x = Tensor.From([1, 2]).AsLeaf().Named("x");</c></summary>
    public Tensor Named(string name)
    {
        Name = name;
        return this;
    }

    private static Shape CheckedShape(int count, Shape? shape)
    {
        shape ??= [count];
        return shape.ElementCount == count
            ? shape
            : throw new ArgumentException($"Tensor: {shape} has {shape.ElementCount} elements, but {count} values were given.");
    }

    private readonly struct NormalFill(Tensor tensor, RandomKey key, double mean, double deviation) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Philox.FillNormal(key, T.CreateChecked(mean), T.CreateChecked(deviation), tensor.WritableValues<T>());
    }

    private readonly struct UniformFill(Tensor tensor, RandomKey key, double low, double high) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Span<T> values = tensor.WritableValues<T>();
            Philox.FillUniform(key, values);
            T width = T.CreateChecked(high - low);
            foreach (ref T value in values)
                value = T.CreateChecked(low) + width * value;
        }
    }
}

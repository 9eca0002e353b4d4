namespace Transformer.Autograd.Debugging;

/// <summary>
/// The numbers of a tensor or gradient at one moment: a copy of their own, or, where the recording left them out for
/// their size, their statistics alone. Immutable.
/// </summary>
public sealed class RecordedValues
{
    private readonly Tensor? values;
    private TensorStatistics? statistics;

    /// <summary>Takes the tensor over; nobody else writes to it.</summary>
    internal RecordedValues(Tensor values)
    {
        this.values = values;
        Shape = values.Shape;
        DType = values.DType;
    }

    internal RecordedValues(Shape shape, DType dtype, TensorStatistics statistics)
    {
        Shape = shape;
        DType = dtype;
        this.statistics = statistics;
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Shape.ElementCount;

    /// <summary>False where only the statistics were kept.</summary>
    public bool IsComplete => values is not null;

    /// <summary>Minimum, maximum, mean, norm and counts.</summary>
    public TensorStatistics Statistics => statistics ??= TensorStatistics.Of(values!);

    /// <summary>The element at a row-major position, as a double.</summary>
    /// <exception cref="ValuesLeftOutException">The values were left out.</exception>
    public double ValueAt(int position) => Tensor.ValueAt(position);

    /// <summary>The values, row-major.</summary>
    /// <typeparam name="T">float for <see cref="DType.Float32"/>, double for <see cref="DType.Float64"/>.</typeparam>
    /// <exception cref="ValuesLeftOutException">The values were left out.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => Tensor.Values<T>();

    /// <summary>A tensor with a copy of the values, converted to the dtype; a leaf outside any graph.</summary>
    /// <exception cref="ValuesLeftOutException">The values were left out.</exception>
    public Tensor ToTensor(DType dtype)
    {
        Tensor copy = Autograd.Tensor.Zeros(Shape, dtype);
        copy.CopyFrom(Tensor);
        return copy;
    }

    /// <summary>The values themselves: not to be written.</summary>
    internal Tensor Tensor => values ?? throw new ValuesLeftOutException(Shape);

    /// <summary>The same numbers in another shape, on the same memory.</summary>
    internal RecordedValues As(Shape shape) =>
        shape.Equals(Shape) ? this
        : values is null ? new(shape, DType, Statistics)
        : new(values.View(shape, 0));

    /// <summary>A copy of the tensor's present values.</summary>
    internal static RecordedValues CopyOf(Tensor tensor)
    {
        Tensor copy = Autograd.Tensor.Zeros(tensor.Shape, tensor.DType);
        copy.CopyFrom(tensor);
        return new RecordedValues(copy);
    }
}

/// <summary>A recording kept no values, only statistics, of what was asked for.</summary>
/// <param name="shape">Shape of what was left out.</param>
/// <param name="label">What was left out, as <see cref="RecordedTensor.Label"/> has it; null where unknown.</param>
public sealed class ValuesLeftOutException(Shape shape, string? label = null) : InvalidOperationException(
    $"The recording left out the values of {(label is null ? string.Empty : label + " ")}{shape} for their size and keeps their statistics only; record with a larger RecordingOptions.LargestTensor, or LargestRecording where that was full.");

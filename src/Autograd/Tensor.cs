using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>Writes the values of a tensor; the span must not be kept.</summary>
/// <typeparam name="T">Element type: float or double.</typeparam>
public delegate void TensorEdit<T>(Span<T> values);

/// <summary>
/// An array of numbers with a <see cref="Shape"/>, contiguous and row-major, and a place in the computation graph:
/// the operation that made it (<see cref="Producer"/>) and, once a backward pass has run, ∂L/∂this
/// (<see cref="Gradient"/>). The methods that compute stand with their operation in the folder <c>Operations</c>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(Debugging.TensorView))]
public partial class Tensor
{
    // Few tensors have a name; a graph's others need no place for one.
    private static readonly ConditionalWeakTable<Tensor, string> Names = [];

    private readonly Storage storage;
    private readonly int offset;
    private readonly int lease;
    private readonly byte dtype;

    internal Tensor(Shape shape, DType dtype, Storage storage)
        : this(shape, dtype, storage, 0, storage.Lease)
    {
    }

    private Tensor(Shape shape, DType dtype, Storage storage, int offset, int lease)
    {
        Shape = shape;
        this.dtype = (byte)dtype;
        this.storage = storage;
        this.offset = offset;
        this.lease = lease;
    }

    /// <summary>A leaf that shares the memory of another tensor.</summary>
    protected Tensor(Tensor values)
        : this(
            (values ?? throw new ArgumentNullException(nameof(values))).Shape, values.DType, values.storage, values.offset, values.lease)
    {
        if (values.Producer is not null || values.storage.IsRented)
        {
            throw new ArgumentException(
                $"Tensor: {values.Shape} was computed, or belongs to a step; take a Detach().Keep() copy of it for a leaf that lasts.");
        }
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The element type.</summary>
    public DType DType => (DType)dtype;

    /// <summary>Number of elements.</summary>
    public int Count => Shape.ElementCount;

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>What messages, debuggers and recordings call the tensor; empty where nobody named it.</summary>
    public virtual string Name
    {
        get => Names.TryGetValue(this, out string? name) ? name : string.Empty;
        set => Names.AddOrUpdate(this, value);
    }

    /// <summary>True for a trainable parameter of a model.</summary>
    public virtual bool IsParameter => false;

    internal int Version => storage.Version;

    /// <summary>Two tensors with equal keys hold the same numbers in the same memory.</summary>
    internal (object Memory, int Offset, int Count, int Version) MemoryKey => (storage.Identity, offset, Count, Version);

    /// <summary>
    /// One element, converted to or from double. Writing counts as an edit: a backward pass that needs the earlier
    /// value reports it.
    /// </summary>
    /// <exception cref="ArgumentException">The index has another rank, or lies outside.</exception>
    [IndexerName("Element")]
    public double this[params ReadOnlySpan<int> index]
    {
        get => ValueAt(Shape.Offset(index));
        set
        {
            int position = Shape.Offset(index);
            if (DType == DType.Float32)
                EditableValues<float>()[position] = (float)value;
            else
                EditableValues<double>()[position] = value;
        }
    }

    /// <summary>The values, row-major. The span is invalid once the surrounding <see cref="Step"/> ended.</summary>
    /// <typeparam name="T">float for <see cref="DType.Float32"/>, double for <see cref="DType.Float64"/>.</typeparam>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the tensor's type.</exception>
    /// <exception cref="ObjectDisposedException">The step that made the tensor has ended.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => WritableValues<T>();

    /// <summary>The element at a row-major position, as a double.</summary>
    public double ValueAt(int position) =>
        DType == DType.Float32 ? Values<float>()[position] : Values<double>()[position];

    /// <summary>The only element of a tensor that has one.</summary>
    /// <exception cref="InvalidOperationException">The tensor has not exactly one element.</exception>
    public double Item() =>
        Count == 1 ? ValueAt(0) : throw new InvalidOperationException($"Item: {Shape} has {Count} elements, not one.");

    /// <summary>A copy of the values, row-major, converted to double.</summary>
    public double[] ToDoubles()
    {
        if (DType == DType.Float64)
            return Values<double>().ToArray();
        double[] copy = new double[Count];
        Convert(Values<float>(), copy.AsSpan());
        return copy;
    }

    /// <summary>Lets the action write the values, and counts as an edit.</summary>
    public void Edit<T>(TensorEdit<T> edit)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(edit);
        edit(EditableValues<T>());
    }

    /// <summary>
    /// The values for writing, which counts as an edit right now: what an optimizer uses. Do not keep the span, for a
    /// later write through it would go unseen; <see cref="Edit"/> is the safer form.
    /// </summary>
    public Span<T> EditableValues<T>()
        where T : unmanaged
    {
        // An edit that is refused is none.
        Span<T> values = WritableValues<T>();
        storage.MarkEdited();
        return values;
    }

    /// <summary>Overwrites the values with another tensor's, converted to this dtype. Counts as an edit.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyFrom(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!values.Shape.Equals(Shape))
            throw new ArgumentException($"CopyFrom: shapes differ, {values.Shape} into {Shape}.");
        switch (values.DType, DType)
        {
            case (DType.Float32, DType.Float32):
                values.Values<float>().CopyTo(EditableValues<float>());
                break;
            case (DType.Float64, DType.Float64):
                values.Values<double>().CopyTo(EditableValues<double>());
                break;
            case (DType.Float32, DType.Float64):
                Convert(values.Values<float>(), EditableValues<double>());
                break;
            default:
                Convert(values.Values<double>(), EditableValues<float>());
                break;
        }
    }

    /// <summary>Sets every element. Counts as an edit.</summary>
    public void Fill(double value)
    {
        if (DType == DType.Float32)
            EditableValues<float>().Fill((float)value);
        else
            EditableValues<double>().Fill(value);
    }

    /// <summary>The same values outside the graph: shares the memory, has no producer and wants no gradient.</summary>
    public Tensor Detach() => View(Shape, 0);

    /// <summary>A detached copy in ordinary memory, which outlives the current <see cref="Step"/>.</summary>
    public Tensor Keep()
    {
        Tensor copy = new(Shape, DType, Storage.Allocate(DType, Count));
        copy.CopyFrom(this);
        Debugging.Recorder.Active?.Copied(this, copy);
        return copy;
    }

    /// <summary>A detached copy with elements of another type, rounded where it is narrower.</summary>
    public Tensor To(DType dtype)
    {
        Tensor copy = new(Shape, dtype, Step.NewStorage(dtype, Count));
        copy.CopyFrom(this);
        Debugging.Recorder.Active?.Copied(this, copy);
        return copy;
    }

    /// <summary>
    /// Shape, dtype, name, producer, and up to eight elements the values, else their statistics:
    /// <c>[2, 4, 7, 7] Float32 scores ← MatMul, min -3.1, max 2.9, mean 0.02, norm 14.2, zeros 0, NaN 0</c>.
    /// </summary>
    public override string ToString() => Debugging.TensorText.Describe(this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> WritableValues<T>()
        where T : unmanaged
    {
        DType asked = typeof(T) == typeof(float) ? DType.Float32 : typeof(T) == typeof(double) ? DType.Float64 : (DType)(-1);
        if (lease != storage.Lease || DType != asked)
            throw WrongAccess<T>();
        return storage.Span<T>(offset, Count);
    }

    internal Tensor View(Shape shape, int viewOffset) =>
        new(shape, DType, storage, offset + viewOffset, lease);

    /// <summary>True where the step that it was made in has ended.</summary>
    internal bool IsReleased => lease != storage.Lease;

    /// <summary>Gives rented memory back before its step ends; ordinary memory stays as it is.</summary>
    internal void Release()
    {
        if (!IsReleased)
            storage.Return();
    }

    private Exception WrongAccess<T>() =>
        IsReleased
            ? new ObjectDisposedException(
                nameof(Tensor),
                "This tensor was made inside a step that has ended, and its memory serves other tensors now. "
                + "Read it before the step ends, or call Keep() on it there.")
            : new InvalidOperationException($"This tensor holds {DType}, not {typeof(T).Name}.");

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = TTo.CreateSaturating(from[i]);
    }
}

using System.Collections;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>
/// The sizes of a tensor's axes, outermost first: <c>[batch, length, modelSize]</c>. The empty shape <c>[]</c> is a
/// scalar. Tensors are contiguous and row-major, so a shape is all there is to a tensor's layout.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(Debugging.ShapeView))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private const int FewAxes = 8;

    // A model meets few shapes, and each of them at every step: those that were made last are found here again, by their hash.
    // Threads may write at the same time: a shape does not change, and losing one costs nothing.
    private static readonly Shape?[] recent = new Shape?[512];

    private readonly int[] sizes;

    private Shape(int[] sizes)
    {
        this.sizes = sizes;
        long count = 1;
        foreach (int size in sizes)
        {
            if (size < 0)
                throw new ArgumentException($"Shape: sizes are 0 or more, not {Format(sizes)}.");
            count *= size;
            if (count > Array.MaxLength)
                throw new ArgumentException($"Shape: {Format(sizes)} has more elements than an array can hold.");
        }

        ElementCount = (int)count;
    }

    /// <summary>The shape of a single number, <c>[]</c>.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>Number of axes; 0 for a scalar.</summary>
    public int Rank => sizes.Length;

    /// <summary>Product of all sizes: the number of elements; 1 for a scalar.</summary>
    public int ElementCount { get; }

    /// <summary>The sizes as a span.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>Size of one axis; a negative number counts from the last axis, −1.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public int this[int axis] => sizes[Axis(axis)];

    /// <summary>A shape of the given sizes; <c>Shape s = [2, 3];</c> calls this.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the product does not fit an array.</exception>
    public static Shape Create(params ReadOnlySpan<int> sizes)
    {
        uint hash = (uint)sizes.Length;
        foreach (int size in sizes)
            hash = (BitOperations.RotateLeft(hash, 5) ^ (uint)size) * 0x9E3779B1;
        ref Shape? place = ref recent[hash >> 23];
        if (place is { } made && made.Is(sizes))
            return made;
        return place = new Shape(sizes.ToArray());
    }

    /// <summary>True where these are the sizes.</summary>
    public bool Is(params ReadOnlySpan<int> others) => Sizes.SequenceEqual(others);

    /// <summary>The shape of the first so many axes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Shape Leading(int axes) => Create(sizes.AsSpan(0, axes));

    /// <summary>The axis as a number from 0: −1 becomes <see cref="Rank"/> − 1.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public int Axis(int axis)
    {
        int normal = axis < 0 ? axis + Rank : axis;
        return normal >= 0 && normal < Rank
            ? normal
            : throw new ArgumentException($"Shape: {this} has no axis {axis}.");
    }

    /// <summary>Product of the sizes of axes <paramref name="from"/> (included) to <paramref name="to"/> (excluded).</summary>
    public int CountBetween(int from, int to)
    {
        int count = 1;
        for (int axis = from; axis < to; axis++)
            count *= sizes[axis];
        return count;
    }

    /// <summary>This shape with one axis of another size.</summary>
    public Shape With(int axis, int size)
    {
        Span<int> changed = Rank <= FewAxes ? stackalloc int[FewAxes] : new int[Rank];
        changed = changed[..Rank];
        sizes.CopyTo(changed);
        changed[Axis(axis)] = size;
        return Create(changed);
    }

    /// <summary>The index of the element at a row-major position: what <see cref="Offset"/> undoes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public int[] IndexOf(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, ElementCount);
        int[] index = new int[Rank];
        for (int axis = Rank - 1; axis >= 0; axis--)
            (position, index[axis]) = (position / sizes[axis], position % sizes[axis]);
        return index;
    }

    /// <summary>Position of an element in row-major order.</summary>
    /// <exception cref="ArgumentException">The index has another rank, or lies outside.</exception>
    public int Offset(params ReadOnlySpan<int> index)
    {
        bool inside = index.Length == Rank;
        int offset = 0;
        for (int axis = 0; inside && axis < Rank; axis++)
        {
            inside = index[axis] >= 0 && index[axis] < sizes[axis];
            offset = offset * sizes[axis] + index[axis];
        }

        return inside ? offset : throw new ArgumentException($"Shape: {this} has no element {Format(index)}.");
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Shape? other) => ReferenceEquals(this, other) || (other is not null && Sizes.SequenceEqual(other.Sizes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>True where both have the same sizes.</summary>
    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    /// <summary>True where the sizes differ.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    /// <summary>The sizes in brackets: <c>[2, 3]</c>.</summary>
    public override string ToString() => Format(sizes);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => sizes.GetEnumerator();

    private static string Format(ReadOnlySpan<int> sizes) => $"[{string.Join(", ", sizes.ToArray())}]";
}

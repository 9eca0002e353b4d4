using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>
/// NumPy's broadcasting rule, done and undone in this one place: shapes are aligned at their last axis, and an axis of
/// size 1 (or a missing one) is repeated along the other shape's axis.
/// </summary>
public static class Broadcasting
{
    /// <summary>The shape that both shapes broadcast to.</summary>
    /// <exception cref="ArgumentException">An axis has two sizes, neither of them 1; the message names the operation.</exception>
    public static Shape Common(string operation, Shape a, Shape b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Equals(b))
            return a;
        int[] sizes = new int[Math.Max(a.Rank, b.Rank)];
        for (int fromLast = 1; fromLast <= sizes.Length; fromLast++)
        {
            int sizeA = fromLast <= a.Rank ? a[-fromLast] : 1;
            int sizeB = fromLast <= b.Rank ? b[-fromLast] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
            {
                throw new ArgumentException(
                    $"{operation}: shapes {a} and {b} do not broadcast (axis −{fromLast}: {sizeA} ≠ {sizeB}, and neither is 1)");
            }

            sizes[^fromLast] = sizeA == 1 ? sizeB : sizeA;
        }

        return Shape.Create(sizes);
    }

    /// <summary>True where the input repeats whole: its axes are the output's last ones (after leading axes of size 1).</summary>
    internal static bool IsSuffix(Shape input, Shape output)
    {
        ReadOnlySpan<int> sizes = input.Sizes;
        while (sizes.Length > 0 && (sizes[0] == 1 || sizes.Length > output.Rank))
            sizes = sizes[1..];
        return output.Sizes.EndsWith(sizes);
    }

    /// <summary>Distance in the input between neighbours along each axis of the output; 0 where the input repeats.</summary>
    internal static int[] Strides(Shape input, Shape output)
    {
        int[] strides = new int[output.Rank];
        int stride = 1;
        for (int fromLast = 1; fromLast <= input.Rank; fromLast++)
        {
            strides[^fromLast] = input[-fromLast] == 1 ? 0 : stride;
            stride *= input[-fromLast];
        }

        return strides;
    }

    /// <summary>The adjoint of repeating: sums <paramref name="full"/> over every axis along which the input was repeated.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="full">Values in the shape that was repeated to.</param>
    /// <param name="fullShape">That shape.</param>
    /// <param name="sum">Receives the sums; every element is assigned.</param>
    /// <param name="sumShape">The shape before it was repeated.</param>
    public static void SumTo<T>(ReadOnlySpan<T> full, Shape fullShape, Span<T> sum, Shape sumShape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sum.Length == full.Length)
            full.CopyTo(sum);
        else if (IsSuffix(sumShape, fullShape) && sum.Length > 0)
            Rows.SumOverRows(full, sum, sum.Length);
        else
            Copying.ReduceTo(full, fullShape.Sizes, Strides(sumShape, fullShape), sum);
    }
}

/// <summary>
/// Where the gradient of a broadcast input is written as if the input had been given in the output's shape; at the end of the
/// scope it is added up over the repeats.
/// </summary>
internal readonly ref struct Repeated<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Span<T> contribution;
    private readonly Shape shape;
    private readonly Shape output;
    private readonly Scratch<T> scratch;

    public Repeated(Span<T> contribution, Shape shape, Shape output)
    {
        this.contribution = contribution;
        this.shape = shape;
        this.output = output;
        Values = contribution;
        if (contribution.Length != output.ElementCount)
        {
            scratch = new Scratch<T>(output.ElementCount);
            Values = scratch.Span;
        }
    }

    public Span<T> Values { get; }

    public void Dispose()
    {
        if (scratch.IsNone)
            return;
        Broadcasting.SumTo(scratch.Span, output, contribution, shape);
        scratch.Dispose();
    }
}

/// <summary>
/// An input's values in a form that element-wise kernels take for the output's shape: as they are where they repeat
/// whole, else written out in full.
/// </summary>
internal readonly ref struct Expanded<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Null where the values are the input's own.
    private readonly Storage? storage;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Expanded(ReadOnlySpan<T> values, Shape shape, Shape output)
    {
        Values = values;
        if (values.Length != output.ElementCount && !Broadcasting.IsSuffix(shape, output))
        {
            storage = Expand(values, shape, output);
            Values = storage.Span<T>(0, output.ElementCount);
        }
    }

    public ReadOnlySpan<T> Values { get; }

    public void Dispose() => storage?.Return();

    // Seldom: not to be part of every operation's loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Storage Expand(ReadOnlySpan<T> values, Shape shape, Shape output)
    {
        Storage full = Step.NewStorage(DTypes.Of<T>(), output.ElementCount);
        Copying.Expand(values, output.Sizes, Broadcasting.Strides(shape, output), full.Span<T>(0, output.ElementCount));
        return full;
    }
}

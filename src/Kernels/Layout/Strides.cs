namespace Transformer.Kernels;

/// <summary>Shape and stride arithmetic with its checks.</summary>
internal static class Strides
{
    public static long Elements(ReadOnlySpan<int> shape)
    {
        long elements = 1;
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            elements = checked(elements * size);
        }
        return elements;
    }

    /// <summary>The shape of the permuted array, and for each of its axes the stride in the original.</summary>
    public static void Permute(ReadOnlySpan<int> shape, ReadOnlySpan<int> axes, Span<int> permutedShape, Span<int> permutedStrides)
    {
        Span<int> strides = stackalloc int[shape.Length];
        int stride = 1;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= shape[k];
        }

        permutedShape.Fill(-1);
        for (int k = 0; k < axes.Length; k++)
        {
            if ((uint)axes[k] >= (uint)shape.Length || axes[..k].Contains(axes[k]))
                throw new ArgumentException(Check.Text($"axes is no permutation of 0 to {shape.Length - 1}: axis {axes[k]} at position {k}."));
            permutedShape[k] = shape[axes[k]];
            permutedStrides[k] = strides[axes[k]];
        }
    }

    public static void CheckReach(string smallName, int small, string largeName, int large, ReadOnlySpan<int> shape, ReadOnlySpan<int> strides)
    {
        Check.Length("strides", strides.Length, shape.Length);
        Check.Length(largeName, large, Elements(shape));
        if (large == 0)
            return;
        long last = 0;
        for (int k = 0; k < shape.Length; k++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(strides[k], nameof(strides));
            last += (long)(shape[k] - 1) * strides[k];
        }
        if (last >= small)
            throw new ArgumentException(Check.Text($"The strides lead to element {last}, but {smallName} has {small}."));
    }
}

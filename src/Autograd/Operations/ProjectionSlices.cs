using System.Buffers;
using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd;

/// <summary>The work of a <see cref="ProjectedCrossEntropy"/>: logits, loss and gradients of the rows that count, a slice of them at a time.</summary>
internal readonly ref struct ProjectionSlices<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The logits of a slice stay in the last-level cache; with fewer rows, a product would wait for the weight.
    private const int LogitsInSlice = 4 * 1024 * 1024;
    private const int FewestRows = 256;

    private readonly ReadOnlySpan<T> x;
    private readonly ReadOnlySpan<T> weight;
    private readonly ReadOnlySpan<T> bias;
    private readonly CrossEntropyAttributes attributes;
    private readonly int size;
    private readonly int classes;

    /// <param name="x">[rows, size].</param>
    /// <param name="weight">W [classes, size].</param>
    /// <param name="bias">b [classes], or empty.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="attributes">Targets of the rows, and which of them count.</param>
    public ProjectionSlices(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, int classes, CrossEntropyAttributes attributes)
    {
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        this.attributes = attributes;
        this.classes = classes;
        size = x.Length / attributes.Targets.Values.Length;
    }

    private T Smoothing => T.CreateChecked(attributes.LabelSmoothing);

    /// <summary>How many rows are done at a time: in slices of nearly the same size, at any number of threads.</summary>
    public static int RowsInSlice(int rows, int classes)
    {
        int most = Math.Max(FewestRows, LogitsInSlice / Math.Max(classes, 1));
        int slices = (rows + most - 1) / most;
        return (rows + slices - 1) / slices;
    }

    /// <summary>Assigns the gradients whose spans are not empty.</summary>
    /// <param name="logSumExp">ln Σₖ exp z[r, k] of each row; 0 where it is ignored.</param>
    /// <param name="dx">∂L/∂x, or empty.</param>
    /// <param name="dWeight">∂L/∂W, or empty.</param>
    /// <param name="dBias">∂L/∂b, or empty.</param>
    /// <returns>The mean loss.</returns>
    public T Run(Span<T> logSumExp, Span<T> dx, Span<T> dWeight, Span<T> dBias)
    {
        int count = attributes.Counted;
        int[] rows = ArrayPool<int>.Shared.Rent(count);
        try
        {
            CollectCounted(rows);
            // What ignored rows have.
            logSumExp.Clear();
            dx.Clear();
            int step = RowsInSlice(count, classes);
            using Scratch<T> logits = new(step * classes);
            double loss = 0;
            for (int start = 0; start < count; start += step)
            {
                ReadOnlySpan<int> own = rows.AsSpan(start, Math.Min(step, count - start));
                loss += RunSlice(own, start > 0, logits.Span[..(own.Length * classes)], logSumExp, dx, dWeight, dBias);
            }

            return T.CreateChecked(loss) / T.CreateChecked(count);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(rows);
        }
    }

    // Slice by slice: z = x Wᵀ + b, the loss, dz in z's place, dx = dz W, dW += dzᵀ x, db += Σᵣ dz[r, :]
    private double RunSlice(
        ReadOnlySpan<int> rows, bool accumulate, Span<T> z, Span<T> logSumExp, Span<T> dx, Span<T> dWeight, Span<T> dBias)
    {
        using Scratch<T> own = new(rows.Length * size);
        using Scratch<T> normalizers = new(rows.Length);
        int[] rented = ArrayPool<int>.Shared.Rent(rows.Length);
        Span<int> targets = rented.AsSpan(0, rows.Length);
        for (int i = 0; i < rows.Length; i++)
            targets[i] = attributes.Targets.Values[rows[i]];
        if (size > 0)
            Indexing.Gather(x, rows, own.Span, size);

        if (bias.IsEmpty)
            MatrixProduct.Multiply(own.Span, false, weight, true, z, rows.Length, classes, size);
        else
            MatrixProduct.Multiply(own.Span, false, weight, true, z, rows.Length, classes, size, bias);
        (T loss, _) = Kernels.CrossEntropy.Forward(z, targets, Smoothing, attributes.Ignored, normalizers.Span);
        for (int i = 0; i < rows.Length; i++)
            logSumExp[rows[i]] = normalizers.Span[i];

        if (!dx.IsEmpty || !dWeight.IsEmpty || !dBias.IsEmpty)
        {
            T share = T.One / T.CreateChecked(attributes.Counted);
            Kernels.CrossEntropy.Backward(z, targets, Smoothing, attributes.Ignored, normalizers.Span, share, z);
            if (!dWeight.IsEmpty)
                MatrixProduct.Multiply(z, true, own.Span, false, dWeight, classes, size, rows.Length, accumulate);
            if (!dBias.IsEmpty)
                AddColumnSums(z, accumulate, dBias);
            if (!dx.IsEmpty)
                Spread(z, rows, own.Span, dx);
        }

        ArrayPool<int>.Shared.Return(rented);
        return double.CreateChecked(loss);
    }

    private void AddColumnSums(ReadOnlySpan<T> dz, bool accumulate, Span<T> dBias)
    {
        using Scratch<T> sums = new(classes);
        Rows.SumOverRows(dz, accumulate ? sums.Span : dBias, classes);
        if (accumulate)
            Elementwise.Accumulate(sums.Span, dBias);
    }

    // dx = dz W, each row to its place; the slice's x is needed no more.
    private void Spread(ReadOnlySpan<T> dz, ReadOnlySpan<int> rows, Span<T> own, Span<T> dx)
    {
        MatrixProduct.Multiply(dz, false, weight, false, own, rows.Length, size, classes);
        for (int i = 0; i < rows.Length; i++)
            own.Slice(i * size, size).CopyTo(dx.Slice(rows[i] * size, size));
    }

    private void CollectCounted(Span<int> rows)
    {
        int count = 0;
        for (int row = 0; row < attributes.Targets.Values.Length; row++)
        {
            int target = attributes.Targets.Values[row];
            if (target == attributes.Ignored)
                continue;
            if ((uint)target >= (uint)classes)
                throw new ArgumentOutOfRangeException(nameof(rows), $"ProjectedCrossEntropy: target {target} of row {row} is none of {classes} classes.");
            rows[count++] = row;
        }
    }
}

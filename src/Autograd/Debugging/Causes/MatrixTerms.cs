namespace Transformer.Autograd.Debugging;

/// <summary>Matrix products.</summary>
internal static class MatrixTerms
{
    // ∂L/∂x[r, i] += Σₒ ∂L/∂y[r, o] w[o, i]        ∂L/∂w[o, i] += Σᵣ ∂L/∂y[r, o] x[r, i]        ∂L/∂bₒ += Σᵣ ∂L/∂y[r, o]
    public static IEnumerable<Term> LinearBackward(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedOperation operation = entry.Operation!;
        RecordedValues x = operation.Inputs[0].Values;
        RecordedValues w = operation.Inputs[1].Values;
        (int outputs, int inputs) = (w.Shape[0], w.Shape[1]);
        Term At(int row, int output, double factor)
        {
            int place = (row * outputs) + output;
            return new Term(place, factor, factor * entry.Gradient!.ValueAt(place));
        }

        IEnumerable<int> rows = Enumerable.Range(0, operation.Output.Shape.CountBetween(0, x.Shape.Rank - 1));
        return contribution.InputPosition switch
        {
            0 => Enumerable.Range(0, outputs)
                .Select(o => At(position / inputs, o, w.ValueAt((o * inputs) + (position % inputs)))),
            1 => rows.Select(r => At(r, position / inputs, x.ValueAt((r * inputs) + (position % inputs)))),
            _ => rows.Select(r => At(r, position, 1)),
        };
    }

    // y[r, o] = bₒ + Σᵢ x[r, i] w[o, i]
    public static IEnumerable<Source> LinearForward(RecordedOperation operation, int position)
    {
        RecordedTensor w = operation.Inputs[1];
        (int outputs, int inputs) = (w.Shape[0], w.Shape[1]);
        (int row, int output) = (position / outputs, position % outputs);
        IEnumerable<Source> products = Enumerable.Range(0, inputs)
            .Select(i => Product(operation, (row * inputs) + i, (output * inputs) + i));
        return operation.Inputs.Count < 3 ? products : products.Append(new Source(2, output, operation.Inputs[2].Values.ValueAt(output)));
    }

    // ∂L/∂A += ∂L/∂Y Bᵀ        ∂L/∂B += Aᵀ ∂L/∂Y
    public static IEnumerable<Term> MatMulBackward(TimelineEvent entry, Contribution contribution, int position)
    {
        MatMulSizes sizes = new(entry.Operation!);
        bool isA = contribution.InputPosition == 0;
        (int batch, int outer, int k) = sizes.Locate(isA, position);
        RecordedValues other = entry.Operation!.Inputs[isA ? 1 : 0].Values;
        foreach (int batchY in Elements.Repeats(isA ? sizes.BatchA : sizes.BatchB, sizes.BatchY, batch))
        {
            for (int free = 0; free < (isA ? sizes.N : sizes.M); free++)
            {
                int place = isA ? sizes.Output(batchY, outer, free) : sizes.Output(batchY, free, outer);
                double factor = other.ValueAt(sizes.Input(!isA, batchY, free, k));
                yield return new Term(place, factor, factor * entry.Gradient!.ValueAt(place));
            }
        }
    }

    // y[m, n] = Σₖ a[m, k] b[k, n]
    public static IEnumerable<Source> MatMulForward(RecordedOperation operation, int position)
    {
        MatMulSizes sizes = new(operation);
        int batch = position / (sizes.M * sizes.N);
        int m = position / sizes.N % sizes.M;
        int n = position % sizes.N;
        return Enumerable.Range(0, sizes.K)
            .Select(k => Product(operation, sizes.Input(true, batch, m, k), sizes.Input(false, batch, n, k)));
    }

    // One product of a sum; it leads to the first factor, unless the second alone is not finite.
    private static Source Product(RecordedOperation operation, int placeA, int placeB)
    {
        double a = operation.Inputs[0].Values.ValueAt(placeA);
        double b = operation.Inputs[1].Values.ValueAt(placeB);
        return double.IsFinite(a) && !double.IsFinite(b) ? new Source(1, placeB, a * b) : new Source(0, placeA, a * b);
    }

    // Where the elements of a product's three matrices stand, transposed or not.
    private readonly struct MatMulSizes
    {
        private readonly bool transposeA;
        private readonly bool transposeB;

        public MatMulSizes(RecordedOperation operation)
        {
            MatMulAttributes attributes = (MatMulAttributes)operation.Attributes!;
            (transposeA, transposeB) = (attributes.TransposeA, attributes.TransposeB);
            Shape a = operation.Inputs[0].Shape;
            (M, N) = (operation.Output.Shape[-2], operation.Output.Shape[-1]);
            K = a[transposeA ? -2 : -1];
            BatchA = [.. a.SkipLast(2)];
            BatchB = [.. operation.Inputs[1].Shape.SkipLast(2)];
            BatchY = [.. operation.Output.Shape.SkipLast(2)];
        }

        public int M { get; }

        public int N { get; }

        public int K { get; }

        public Shape BatchA { get; }

        public Shape BatchB { get; }

        public Shape BatchY { get; }

        public int Output(int batch, int m, int n) => (((batch * M) + m) * N) + n;

        // Element (m, k) of A or (n, k) of B, for a matrix of the output's batch.
        public int Input(bool isA, int batchY, int outer, int k)
        {
            int size = isA ? M : N;
            int batch = Elements.Broadcast(isA ? BatchA : BatchB, BatchY, batchY);
            return (batch * size * K) + (IsInnerLast(isA) ? (outer * K) + k : (k * size) + outer);
        }

        public (int Batch, int Outer, int K) Locate(bool isA, int position)
        {
            int size = isA ? M : N;
            int within = position % (size * K);
            return IsInnerLast(isA)
                ? (position / (size * K), within / K, within % K)
                : (position / (size * K), within % size, within / size);
        }

        // A is [m, k] and B [k, n] where not transposed.
        private bool IsInnerLast(bool isA) => isA ? !transposeA : transposeB;
    }
}

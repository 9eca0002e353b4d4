using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Layers;

namespace Transformer.Samples.BackpropDebugger.Cases.Planted;

/// <summary>An operation of one's own, whose backward pass forgets that its bias was broadcast.</summary>
internal static class BiasGradient
{
    private const int Rows = 5;
    private const int Columns = 3;

    public static PlantedBug Bug { get; } = new(
        "bias-gradient",
        "An operation of one's own that trains slowly",
        """
        A home-made operation adds a bias to every row. Training works, but slower than with the library's. Nothing is NaN, nothing
        is 0, and every number looks reasonable.
        """,
        [
            new("goto end", "the backward pass is over"),
            new("fd weight[0, 0]", "the gradient of the weight agrees with the difference"),
            new("fd bias[1]", "that of the bias does not"),
            new("goto start", "who makes it?"),
            new("break fd > 1e-4", "stop where the gradient of one operation disagrees"),
            new("continue", "stops behind AddBias"),
            new("source", "the line that uses it"),
        ],
        """
        Each row's bias is the same tensor, so its gradient is the sum over the rows; the operation handed out the last row alone. The
        right line, in AddBias.Backward:
          SumOverRows(dy, ContributionTo<T>(bias));
        """,
        Record);

    public static Recording Record(bool healthy)
    {
        RandomStreams streams = new(10);
        Tensor x = Tensor.Normal([Rows, 4], streams.NextInitialKey(), dtype: DType.Float64).Named("x");
        Tensor weight = Tensor.Normal([Columns, 4], streams.NextInitialKey(), dtype: DType.Float64).AsLeaf().Named("weight");
        Tensor bias = Tensor.From([0.5, -0.25, 1], dtype: DType.Float64).AsLeaf().Named("bias");
        Tensor wanted = Tensor.Normal([Rows, Columns], streams.NextInitialKey(), dtype: DType.Float64).Named("wanted");

        Register();
        using Recorder recorder = new();
        Tensor product = x.Linear(weight);
        Tensor sum = new AddBias(product, bias, new AddBiasAttributes(healthy)).Apply();
        Tensor error = sum.Tanh() - wanted;
        Tensor loss = (error * error).Mean().Named("loss");
        loss.Backward();
        return recorder.ToRecording();
    }

    /// <summary>
    /// Makes the operation known, so that a debugger that replays a recording can make it again: here, and in another run of
    /// the program that opens a saved one.
    /// </summary>
    public static void Register() => OperationCatalogue.Register(nameof(AddBias), MakeAddBias);

    // A file keeps the attributes of a foreign operation as text.
    private static AddBias MakeAddBias(IReadOnlyList<Tensor> inputs, object? attributes) =>
        new(inputs[0], inputs[1], new AddBiasAttributes(attributes?.ToString() == new AddBiasAttributes(Healthy: true).ToString()));

    private sealed record AddBiasAttributes(bool Healthy);

    // y[r, c] = x[r, c] + b[c]
    private sealed class AddBias(Tensor x, Tensor bias, AddBiasAttributes attributes) : Operation(x, bias)
    {
        public override object Attributes => attributes;

        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            ReadOnlySpan<T> b = Values<T>(bias);
            for (int i = 0; i < y.Length; i++)
                y[i] = Values<T>(x)[i] + b[i % b.Length];
        }

        // ∂L/∂x += ∂L/∂y
        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            if (Needs(x))
                dy.CopyTo(ContributionTo<T>(x));
            if (!Needs(bias))
                return;
            if (attributes.Healthy)
                SumOverRows(dy, ContributionTo<T>(bias));
            else // planted
                dy[^bias.Count..].CopyTo(ContributionTo<T>(bias));
        }

        private static void SumOverRows<T>(ReadOnlySpan<T> dy, Span<T> sum)
            where T : struct, System.Numerics.INumberBase<T>
        {
            sum.Clear();
            for (int i = 0; i < dy.Length; i++)
                sum[i % sum.Length] += dy[i];
        }
    }
}

using System.Numerics;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;

namespace Autograd.Tests.Debugging;

/// <summary>Recordings that hold everything a file has to keep.</summary>
internal static class RecordingSamples
{
    /// <summary>The recording of a function's forward and backward pass.</summary>
    public static Recording Of(Func<Tensor> function, RecordingOptions? options = null)
    {
        using Recorder recorder = new(options);
        Tensor y = function();
        if (y.RequiresGradient)
            y.Backward(Tensor.Full(y.Shape, 1, y.DType));
        return recorder.ToRecording();
    }

    /// <summary>
    /// Modules, words, facts, an edited leaf, a detached copy, a gradient from before, two passes, a reset, a shared mask, a
    /// reshape that shares its memory, texts that try the JSON.
    /// </summary>
    public static Recording Rich()
    {
        Tensor table = Tensor.From([1, 2, 3, 4, 5, 6], [3, 2]).AsLeaf().Named("table");
        Tensor x = Tensor.From([0.5, -1.25, 3, 0.1], [2, 2]).AsLeaf().Named("größe \"x\"\n");
        x.Sum().Backward();
        using Recorder recorder = new();
        recorder.AddFact("title", "<b>\"τ\"</b>\\\n😀");
        recorder.AddFact("seed", "7");
        recorder.AddWords("source", [["ein", "Hund"], ["</script>"], []]);
        recorder.AddWords("target", []);
        Mask mask = new([true, false, true, true], [2, 2]);
        Tensor loss;
        using (recorder.EnterModule("encoder.layers.0", "EncoderLayer"))
        {
            Tensor rows = table.Gather(new Indices([2, 0]));
            Tensor y = (rows.Reshape(2, 2).MaskedFill(mask, -1) * x).MaskedFill(mask, 2);
            loss = (y.Softmax() * y.Detach() * y.Keep()).Dropout(0.5, new RandomKey(ulong.MaxValue, 1, uint.MaxValue, 3)).Sum();
        }

        loss.Backward(keepGraph: true);
        loss.Backward();
        x.ZeroGradient();
        x[0, 0] = 9;
        (x * x).Sum().Backward();
        return recorder.ToRecording();
    }

    /// <summary>NaN with a payload, infinities, −0 and the smallest numbers, in values and in statistics; some left out.</summary>
    public static Recording NonFinite(long largestTensor = long.MaxValue)
    {
        double payload = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234);
        Tensor x = Tensor.Wrap([payload, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, -1, 1e308]).AsLeaf().Named("x");
        Tensor nothing = Tensor.Wrap([double.NaN, double.NaN, double.NaN, double.NegativeInfinity]).AsLeaf().Named("nothing");
        return Of(() => (x.Exp() * x).Sum() + nothing.Log().Sum(), new RecordingOptions { LargestTensor = largestTensor });
    }

    /// <summary>An operation from outside the library, with attributes of its own and a library's kind beside it.</summary>
    public static Recording Custom()
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
        return Of(() => new TimesWhole(x, new TimesWholeAttributes(3)).Apply().Tanh().Sum());
    }

    internal sealed record TimesWholeAttributes(int Factor);

    // y = n x
    private sealed class TimesWhole(Tensor x, TimesWholeAttributes attributes) : Operation(x)
    {
        public override object Attributes => attributes;

        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Multiply(Values<T>(x), y);

        protected override void Backward<T>(ReadOnlySpan<T> dy) => Multiply(dy, ContributionTo<T>(x));

        private void Multiply<T>(ReadOnlySpan<T> from, Span<T> to)
            where T : INumberBase<T>
        {
            for (int i = 0; i < from.Length; i++)
                to[i] = T.CreateChecked(attributes.Factor) * from[i];
        }
    }
}

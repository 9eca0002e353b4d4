using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>A recording from a file replays as the recording that was saved.</summary>
public class ReplayFileTests
{
    [Fact]
    public void A_loaded_recording_replays_to_the_same_bits_with_edits_in_place_too()
    {
        Tensor x = Tensor.From([0.5, -1.25], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() =>
        {
            Tensor y = (x * x).Dropout(0.4, new RandomKey(1, 2, 3, 4)) + x;
            y.Edit<double>(values => values[0] += 1);
            y.Power(3).Sum().Backward();
        });
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            RecordingFile.Save(recording, path);
            Recording loaded = RecordingFile.Load(path);
            Assert.Equal(RecordingBits.Of(recording), RecordingBits.Of(Replay.Run(loaded).Recording));
            Assert.Contains(loaded.Tensors, tensor => tensor.EarlierVersion is not null);
            Assert.True(FiniteDifference.Check(loaded, loaded.Named("x"), 1).Agrees);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Attributes_that_do_not_fit_the_operation_are_told()
    {
        OperationCatalogue.Register("Casting", (inputs, attributes) => new Casting(inputs[0], (string)attributes!));
        Tensor x = Tensor.From([0.5]).AsLeaf();
        Recording recording = RecordedProgram.By(() => new Casting(x, 3).Apply());

        string message = Assert.Throws<InvalidOperationException>(() => Replay.Run(recording)).Message;

        Assert.Contains("#1 Casting cannot be made again from the attributes that the recording has, 3", message);
    }

    private sealed class Casting(Tensor x, object attributes) : Operation(x)
    {
        public override object Attributes => attributes;

        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Values<T>(x).CopyTo(y);

        protected override void Backward<T>(ReadOnlySpan<T> dy) => dy.CopyTo(ContributionTo<T>(x));
    }
}

using Autograd.Tests.Gradients;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Testing;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>A replay with other values in some elements is what the program computes with those values.</summary>
public class ReplayEditTests
{
    private static readonly Shapes Few = Shapes.OfRank(0, 3) with { MaximumCount = 12, Sizes = [1, 2, 3] };

    [Fact]
    public void An_edited_leaf_gives_what_the_program_computes_from_it() => Properties.Check(
        10,
        drawing =>
        {
            Draw d = drawing.Begin();
            Tensor[] leaves = RandomGraphTests.Leaves(drawing);
            Recording recording = RecordedProgram.By(() => RandomGraphTests.Build(drawing, leaves).Backward());
            int which = d.Below(leaves.Length);
            int position = d.Below(leaves[which].Count);
            RecordedTensor leaf = recording.Operations.SelectMany(o => o.Inputs).First(
                t => t.Producer is null && t.RequiresGradient && t.Shape.Equals(leaves[which].Shape) && Same(t.Values, leaves[which]));
            leaves[which].Edit<double>(values => values[position] = 0.75);
            foreach (Tensor each in leaves)
                each.ZeroGradient();
            Recording expected = RecordedProgram.By(() => RandomGraphTests.Build(drawing, leaves).Backward());

            Recording edited = Replay.Run(recording, null, new ValueEdit(leaf, position, 0.75)).Recording;

            Assert.Equal(RecordingBits.Of(expected), RecordingBits.Of(edited));
        },
        Few);

    private static bool Same(RecordedValues values, Tensor tensor) => values.ToTensor(tensor.DType).ToDoubles().SequenceEqual(tensor.ToDoubles());

    [Fact]
    public void An_edited_output_counts_as_the_output_with_a_constant_added()
    {
        // L = Σ tanh(eˣ + c), with c = 0 recorded and c₁ = 0.5 after the edit; dL/dx = (1 − tanh²(eˣ + c)) eˣ.
        Tensor x = Tensor.From([0.5, -0.25], dtype: DType.Float64).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => x.Exp().Tanh().Sum().Backward());
        RecordedTensor exp = recording.Named("#1");
        double value = Math.Exp(-0.25) + 0.5;

        Recording edited = Replay.Run(recording, null, new ValueEdit(exp, 1, value)).Recording;

        Assert.Equal(value, edited.Named("#1").Values.ValueAt(1));
        Assert.Equal(Math.Tanh(value), edited.Named("#2").Values.ValueAt(1), 1e-15);
        RecordedValues gradient = edited.GradientOf(edited.Named("x"))!;
        Assert.Equal((1 - Math.Pow(Math.Tanh(value), 2)) * Math.Exp(-0.25), gradient.ValueAt(1), 1e-15);
        Assert.Equal(recording.GradientOf(recording.Named("x"))!.ValueAt(0), gradient.ValueAt(0));
        Assert.Equal(recording.Timeline.Select(entry => entry.ToString()), edited.Timeline.Select(entry => entry.ToString()));
    }

    [Fact]
    public void Only_what_an_edit_can_reach_is_computed_again()
    {
        int runs = 0;
        OperationCatalogue.Register("Counting", (inputs, _) => new Counting(inputs[0], () => runs++));
        Tensor x = Tensor.From([0.5, -0.25], dtype: DType.Float64).AsLeaf().Named("x");
        Tensor y = Tensor.From([1, 2], dtype: DType.Float64).AsLeaf().Named("y");
        Recording recording = RecordedProgram.By(() =>
        {
            Tensor shared = new Counting(x, () => { }).Apply();
            (new Counting(shared * y, () => { }).Apply() + shared).Sum().Backward();
        });
        Replay.Run(recording, null, new ValueEdit(recording.Named("y"), 0, 3));
        runs = 0;

        Replay.Run(recording, null, new ValueEdit(recording.Named("y"), 0, 4));
        Assert.Equal(1, runs);
        Replay.Run(recording, null, new ValueEdit(recording.Named("x"), 0, 4));
        Assert.Equal(3, runs);
    }

    [Fact]
    public void An_edit_outside_the_recording_is_refused()
    {
        Tensor x = Tensor.From([0.5, -0.25]).AsLeaf().Named("x");
        Recording recording = RecordedProgram.By(() => x.Sum().Backward());
        Recording other = RecordedProgram.By(() => (x * x).Reshape(2, 1).Sum().Backward());

        Assert.Throws<ArgumentOutOfRangeException>(() => Replay.Run(recording, null, new ValueEdit(recording.Named("x"), 2, 0)));
        Assert.Throws<ArgumentException>(() => Replay.Run(recording, null, new ValueEdit(other.Tensors[2], 0, 0)));
        // A replay's tensors have the original's numbers.
        Recording replayed = Replay.Run(recording).Recording;
        Assert.Equal(7, Replay.Run(recording, null, new ValueEdit(replayed.Named("x"), 0, 7.25)).Recording.Loss!.Values.ValueAt(0));
    }

    private sealed class Counting(Tensor x, Action count) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            count();
            Values<T>(x).CopyTo(y);
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy) => dy.CopyTo(ContributionTo<T>(x));
    }
}

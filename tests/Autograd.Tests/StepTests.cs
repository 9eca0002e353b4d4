using System.Runtime.CompilerServices;
using Transformer.Autograd;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests;

/// <summary>Memory: the pool, the steps, the tape. Alone, for other tests would draw from the same pool.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}

[Collection(RunsAlone.Name)]
public class StepTests
{
    private readonly Tensor weight = Tensor.Normal([64, 64], new RandomKey(1, 1, 0, 0)).AsLeaf();
    private readonly Tensor bias = Tensor.Normal([64], new RandomKey(1, 2, 0, 0)).AsLeaf();
    private readonly Tensor input = Tensor.Normal([32, 64], new RandomKey(1, 3, 0, 0));

    [Fact]
    public void A_steady_step_allocates_no_memory_for_data()
    {
        for (int i = 0; i < 3; i++)
            OneStep();
        long before = GC.GetAllocatedBytesForCurrentThread();
        OneStep();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        // Some 40 arrays of 8 KiB and more are in use; tensor and operation objects come to a few KiB.
        Assert.True(bytes < 24_000, $"{bytes} bytes in one step");
    }

    [Fact]
    public void Gradients_of_leaves_outlive_the_step_and_keep_their_memory()
    {
        OneStep();
        Tensor first = weight.Gradient!;
        double[] values = first.ToDoubles();
        weight.ZeroGradient();
        bias.ZeroGradient();
        OneStep();
        Assert.Same(first, weight.Gradient);
        Assert.Equal(values, weight.Gradient!.ToDoubles());
    }

    [Fact]
    public void Gradients_of_intermediates_are_released_unless_kept()
    {
        Tensor kept;
        using (new Step())
        {
            Tensor y = input.Linear(weight, bias);
            kept = y.Tanh();
            kept.KeepsGradient = true;
            kept.Sum().Backward();
            Assert.Null(y.Gradient);
            Assert.All(kept.Gradient!.ToDoubles(), value => Assert.Equal(1, value));
        }

        Assert.Throws<ObjectDisposedException>(() => kept.Gradient![0, 0]);
    }

    [Fact]
    public void An_inner_step_returns_its_own_memory_and_leaves_the_outer_one_alone()
    {
        using Step outer = new();
        Tensor y = weight * 2;
        Tensor inside;
        using (Step inner = new())
        {
            Assert.Same(inner, Step.Current);
            inside = y * 3;
        }

        Assert.Same(outer, Step.Current);
        Assert.Throws<ObjectDisposedException>(() => inside.Sum());
        y.Sum().Backward();
        Assert.All(weight.Gradient!.ToDoubles(), value => Assert.Equal(2, value));
    }

    [Fact]
    public void Ordinary_memory_is_never_given_to_the_pool()
    {
        // 65 elements: the pool's next class holds 80, so an array of 65 in it would be too short for whoever rents it.
        Tensor x = Tensor.Zeros([65]).AsLeaf();
        Tensor y = (x * x).Exp();
        IEnumerator<Operation> steps = y.BackwardSteps(Tensor.Zeros([65])).GetEnumerator();
        using (new Step())
        {
            while (steps.MoveNext())
            {
            }
        }

        using Step step = new();
        Tensor[] sums = [.. Enumerable.Range(0, 8).Select(_ => Tensor.Zeros([80]) + 1)];
        Assert.All(sums, sum => Assert.Equal(80, sum.Sum().Item()));
    }

    [Fact]
    public void Backward_and_the_end_of_a_step_empty_the_tape() => Graph.OnNewThread(() =>
    {
        Tensor loss = (weight * weight).Sum();
        Assert.Equal(2, Tape.Current.Operations.Count);
        Assert.Equal(1, loss.Producer!.Position);
        Tensor rest = bias * bias;
        loss.Backward();
        Assert.Equal(["Multiply"], Tape.Current.Operations.Select(operation => operation.Kind));
        Assert.Equal((-1, 0), (loss.Producer.Position, rest.Producer!.Position));
        using (new Step())
        {
            Tensor inside = rest + 1;
            Assert.Equal(2, Tape.Current.Operations.Count);
            GC.KeepAlive(inside);
        }

        Assert.Same(rest.Producer, Tape.Current.Operations.Single());
        rest.Sum().Backward();
        Assert.Empty(Tape.Current.Operations);
    });

    [Fact]
    public void An_old_graph_on_the_tape_is_left_alone_and_costs_a_new_one_nothing() => Graph.OnNewThread(() =>
    {
        Tensor old = weight * weight;
        for (int i = 0; i < 3; i++)
            (bias * bias).Sum().Backward();
        using (new Step())
            (bias * bias).Sum().Backward();
        Assert.Same(old.Producer, Tape.Current.Operations.Single());
        old.Sum().Backward();
        Assert.NotNull(weight.Gradient);
    });

    [Fact]
    public void Operations_are_collected_with_the_tensors_that_they_made() => Graph.OnNewThread(() =>
    {
        (WeakReference spent, Tensor loss) = Walked();
        WeakReference forgotten = Forgotten();
        Collect();
        Assert.False(forgotten.IsAlive);
        // A loss that is kept, for a curve, must not keep the tape and all that is recorded later.
        Assert.NotNull(loss.Producer);
        WeakReference later = Forgotten();
        Collect();
        Assert.False(later.IsAlive);
        Assert.True(spent.IsAlive);
        GC.KeepAlive(loss);
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Operation, Tensor Loss) Walked()
    {
        Tensor loss = (weight * weight).Sum();
        loss.Backward();
        return (new WeakReference(loss.Producer), loss);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Forgotten() => new((weight * 2).Producer);

    [Fact]
    public void Steps_of_many_lengths_share_memory_instead_of_holding_a_pool_for_each_length()
    {
        // Sizes that no other test uses, so that the pool has none of them yet.
        const int Smallest = 3_000_000;
        Rent(2 * Smallest);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int percent = 200; percent >= 105; percent -= 5)
            Rent(Smallest / 100 * percent);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 1_000_000);

        static void Rent(int count)
        {
            using Step step = new();
            Step.NewStorage(DType.Float32, count);
        }
    }

    [Fact]
    public void After_the_first_step_there_is_room_for_a_larger_one() => Graph.OnNewThread(() =>
    {
        // More than any arena of another test has, so that this step is the first of its size.
        const int Elements = 80_000_000;
        Run(Elements);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int percent = 100; percent <= 125; percent += 5)
            Run(Elements / 100 * percent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);

        // Blocks of many sizes, a third of which come back before the rest is rented.
        static void Run(int elements)
        {
            using Step step = new();
            Storage[] blocks = [.. Enumerable.Range(1, 100).Select(i => Step.NewStorage(DType.Float32, elements / 10_000 * i))];
            for (int i = 0; i < blocks.Length; i += 3)
                blocks[i].Return();
            for (int i = 0; i < blocks.Length; i += 3)
                Step.NewStorage(DType.Float32, elements / 10_000 * (i + 2));
        }
    });

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private void OneStep()
    {
        using Step step = new();
        Tensor y = input;
        for (int layer = 0; layer < 4; layer++)
            y = (y.Linear(weight, bias).Gelu() + y).Softmax();
        (y * y).Mean().Backward();
    }
}

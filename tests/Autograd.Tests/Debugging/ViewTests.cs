using System.Diagnostics;
using System.Reflection;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>What an IDE shows. Alone, for it sets the number of threads.</summary>
[Collection(RunsAlone.Name)]
public class ViewTests
{
    private static readonly Tensor Sixteen = Tensor.From([.. Enumerable.Range(0, 16).Select(i => (double)i)], [2, 2, 2, 2]);

    [Theory]
    [InlineData(typeof(Tensor), typeof(TensorView))]
    [InlineData(typeof(Shape), typeof(ShapeView))]
    [InlineData(typeof(Operation), typeof(OperationView))]
    [InlineData(typeof(Tape), typeof(TapeView))]
    public void Each_kind_has_a_display_and_a_view(Type shown, Type view)
    {
        Assert.Equal("{ToString(),nq}", shown.GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.Equal(view.AssemblyQualifiedName, shown.GetCustomAttribute<DebuggerTypeProxyAttribute>()!.ProxyTypeName);
        // The debugger makes the view from the object alone.
        Assert.Equal([shown], view.GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType));
    }

    [Fact]
    public void A_tensor_shows_shape_dtype_name_producer_and_statistics()
    {
        Tensor x = Sixteen.Keep().AsLeaf().Named("x");
        Assert.Equal("[2, 2, 2, 2] Float32 x, min 0, max 15, mean 7.5, norm 35.2136, zeros 1, NaN 0", x.ToString());
        Assert.StartsWith("[2, 2, 2, 2] Float32 y ← Negate, min -15", x.Negate().Named("y").ToString(), StringComparison.Ordinal);
        x[0, 0, 0, 1] = double.NaN;
        x[0, 0, 1, 0] = double.NegativeInfinity;
        Assert.EndsWith("zeros 1, NaN 1, infinite 1", x.ToString(), StringComparison.Ordinal);
        Assert.Equal(x.ToString()[^"zeros 1, NaN 1, infinite 1".Length..], new TensorView(x).Statistics[^"zeros 1, NaN 1, infinite 1".Length..]);
    }

    [Fact]
    public void Values_are_rows_and_each_matrix_stands_below_its_batch_and_head()
    {
        Assert.Equal(
            ["[0, 0, :, :]", " 0   1", " 2   3", "[0, 1, :, :]", " 4   5", " 6   7", "[1, 0, :, :]", " 8   9", "10  11", "[1, 1, :, :]", "12  13", "14  15"],
            new TensorView(Sixteen).Rows);
        Assert.Equal(["0.5  -1"], new TensorView(Tensor.From([0.5, -1])).Rows.Select(row => row.Trim().Replace("   ", "  ")));
        Assert.Equal(["3"], new TensorView(Tensor.Scalar(3)).Rows);
        Assert.Empty(new TensorView(Tensor.Zeros([3, 0])).Rows);
        Assert.Empty(new TensorView(Tensor.Zeros([0, 2, 3])).Rows);
    }

    [Fact]
    public void Large_tensors_are_cut_and_their_statistics_are_of_a_sample_that_says_so()
    {
        Tensor large = Tensor.Full([3000, 1000], 2);
        string[] rows = new TensorView(large).Rows;
        Assert.Equal(65, rows.Length);
        Assert.All(rows[..64], row => Assert.EndsWith("2  …", row, StringComparison.Ordinal));
        Assert.Equal("…", rows[^1]);
        Assert.EndsWith("mean 2, norm 2000, zeros 0, NaN 0 (of one element in 3)", large.ToString(), StringComparison.Ordinal);
        Assert.Equal("[3000, 1000] Float32, min 2, max 2, mean 2, norm 2000, zeros 0, NaN 0 (of one element in 3)", large.ToString());
    }

    [Fact]
    public void A_huge_tensor_is_shown_in_no_time()
    {
        Tensor huge = Tensor.Zeros([1 << 26]);
        huge.ToString();
        Stopwatch clock = Stopwatch.StartNew();
        huge.ToString();
        _ = new TensorView(huge).Rows;
        // Of 64 million elements one in 63; all of them would take a hundred times as long as allowed here.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), clock.Elapsed.ToString());
    }

    [Fact]
    public void Neighbours_in_the_graph_are_reachable_in_both_directions()
    {
        Tensor x = Sixteen.Keep().AsLeaf();
        Tensor y = x.Tanh();
        Tensor z = y * x;
        Assert.Equal([y, x], new TensorView(z).Parents);
        Assert.Equal([y.Producer!, z.Producer!], new TensorView(x).Children);
        Assert.Equal([z.Producer!], new TensorView(y).Children);
        Assert.Empty(new TensorView(z).Children);
        Assert.Equal([y.Producer!], new OperationView(z.Producer!).Parents);
        Assert.Equal([z.Producer!], new OperationView(y.Producer!).Children);
        Assert.Same(z, new OperationView(z.Producer!).Output);
        Assert.Equal(Tape.Current.Operations, new TapeView(Tape.Current).Operations);
        Assert.Equal([2, 2, 2, 2], new ShapeView(x.Shape).Sizes);
    }

    [Fact]
    public void Views_show_what_is_there_of_released_spent_and_unapplied_things()
    {
        Tensor x = Sixteen.Keep().AsLeaf();
        Tensor y;
        using (Step step = new())
        {
            y = x.Tanh();
            y.KeepsGradient = true;
            y.Sum().Backward();
        }

        foreach (object view in (object[])[new TensorView(y), new OperationView(y.Producer!), new TensorView(y.Gradient!), new OperationView(new Unapplied(x)), new TapeView(Tape.Current)])
        {
            foreach (PropertyInfo property in view.GetType().GetProperties())
                property.GetValue(view)?.ToString();
        }

        Assert.Equal("[2, 2, 2, 2] Float32 ← Tanh (its step has ended)", y.ToString());
        Assert.Equal(["(its step has ended)"], new TensorView(y).Rows);
        Assert.Equal("not on a tape", new OperationView(y.Producer!).Place);
        Assert.Null(new OperationView(new Unapplied(x)).Output);
    }

    [Fact]
    public void Looking_records_nothing_and_edits_nothing()
    {
        Tensor x = Sixteen.Keep().AsLeaf();
        using Recorder recorder = new();
        Tensor y = x.Exp();
        int before = Tape.Current.Operations.Count;
        (int, int) versions = (x.Version, y.Version);
        foreach (Tensor tensor in (Tensor[])[x, y])
        {
            foreach (PropertyInfo property in typeof(TensorView).GetProperties())
                property.GetValue(new TensorView(tensor))?.ToString();
        }

        Assert.Equal(before, Tape.Current.Operations.Count);
        Assert.Equal(versions, (x.Version, y.Version));
        Assert.Single(recorder.ToRecording().Timeline);
        // A thread that only looks has no tape afterwards, either.
        Graph.OnNewThread(() =>
        {
            Assert.Empty(new TensorView(x).Children);
            Assert.Null(Tape.CurrentIfAny);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Each_operations_Backward_is_called_once_on_the_thread_of_the_walk(int threads)
    {
        int before = Execution.ThreadCount;
        Execution.ThreadCount = threads;
        try
        {
            List<(string Place, int Thread)> hits = [];
            Tensor x = Tensor.Full([500, 700], 0.5).AsLeaf();
            Graph.OnNewThread(() =>
            {
                Tensor y = new Watched(new Watched(x, hits).Apply().Tanh(), hits).Apply();
                (y * y).Sum().Backward();
                Assert.Equal(
                    [("Tape of 5 operations, backward: operation 3 of 5 (Watched)", Environment.CurrentManagedThreadId),
                        ("Tape of 5 operations, backward: operation 1 of 5 (Watched)", Environment.CurrentManagedThreadId)],
                    hits);
            });
        }
        finally
        {
            Execution.ThreadCount = before;
        }
    }

    [Fact]
    public void The_tape_says_which_operation_of_how_many_the_walk_is_at()
    {
        Graph.OnNewThread(() =>
        {
            Tensor x = Sixteen.Keep().AsLeaf();
            Tensor loss = x.Tanh().Softmax().Sum();
            Tape tape = Tape.Current;
            Assert.Equal("Tape of 3 operations", tape.ToString());
            Assert.Equal("no backward pass under way", new TapeView(tape).Backward);
            List<string> places = [];
            foreach (Operation operation in loss.BackwardSteps())
            {
                Assert.Equal(new TapeView(tape).Backward, new OperationView(operation).Place);
                places.Add(new TapeView(tape).Backward);
            }

            Assert.Equal(["backward: operation 3 of 3 (Sum)", "backward: operation 2 of 3 (Softmax)", "backward: operation 1 of 3 (Tanh)"], places);
            Assert.Equal("Tape of 0 operations", tape.ToString());
        });
    }

    [Fact]
    public void After_a_pass_that_failed_the_tape_is_at_no_operation()
    {
        Graph.OnNewThread(() =>
        {
            Tensor x = Sixteen.Keep().AsLeaf();
            Tensor loss = new Unapplied(x).Apply().Sum();
            Assert.Throws<NotSupportedException>(() => loss.Backward());
            // The sum was walked, and has left.
            Assert.Equal("Tape of 1 operations", Tape.Current.ToString());
        });
    }

    private sealed class Watched(Tensor x, List<(string, int)> hits) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => Values<T>(x).CopyTo(y);

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            hits.Add((Tape.Current.ToString(), Environment.CurrentManagedThreadId));
            dy.CopyTo(ContributionTo<T>(x));
        }
    }

    private sealed class Unapplied(Tensor x) : Operation(x)
    {
        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y) => y.Clear();

        protected override void Backward<T>(ReadOnlySpan<T> dy) => throw new NotSupportedException();
    }
}

using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging.Profiles;

public class OperationProfileTests
{
    [Fact]
    public void Each_kind_has_its_calls_forwards_and_backwards()
    {
        using OperationProfile profile = new();
        Program();
        Assert.Equal((2, 2), Calls(profile, "MatMul"));
        Assert.Equal((1, 1), Calls(profile, "Tanh"));
        Assert.Equal((1, 1), Calls(profile, "Sum"));
        Assert.Equal(3, profile.Times.Count);
        Assert.All(profile.Times, time => Assert.True(time.Forward > TimeSpan.Zero && time.Backward > TimeSpan.Zero));
    }

    [Fact]
    public void Times_are_at_most_what_passed()
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        using OperationProfile profile = new();
        for (int i = 0; i < 10; i++)
            Program();
        TimeSpan passed = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        TimeSpan told = profile.Times.Aggregate(profile.Overhead, (sum, time) => sum + time.Total);
        Assert.InRange(told, TimeSpan.Zero, passed);
    }

    [Fact]
    public void A_slow_operation_is_charged_with_its_time()
    {
        using OperationProfile profile = new();
        new Sleep(Tensor.From([1.0], [1], DType.Float64).AsLeaf()).Apply().Backward();
        OperationTime time = Assert.Single(profile.Times);
        Assert.True(time.Forward >= Sleep.ForwardTime, $"forward {time.Forward}");
        Assert.True(time.Backward >= Sleep.BackwardTime, $"backward {time.Backward}");
        Assert.Equal(time.Forward + time.Backward, time.Total);
    }

    [Fact]
    public void By_shape_operations_of_one_kind_are_told_apart()
    {
        using OperationProfile profile = new(byShape: true);
        Program();
        Assert.Equal(
            ["[2, 3], [3, 4] → [2, 4]", "[2, 4], [4, 5] → [2, 5]"],
            profile.Times.Where(time => time.Kind == "MatMul").Select(time => time.Shapes).Order());
    }

    [Fact]
    public void Work_is_added_up_beside_the_times()
    {
        using OperationProfile profile = new(work: (operation, backward) => operation.Output.Count * (backward ? 100 : 1));
        Program();
        OperationTime products = profile.Times.Single(time => time.Kind == "MatMul");
        Assert.Equal((2 * 4) + (2 * 5), products.ForwardWork);
        Assert.Equal(100 * ((2 * 4) + (2 * 5)), products.BackwardWork);
    }

    [Fact]
    public void Nothing_is_timed_before_after_or_on_another_thread()
    {
        Program();
        OperationProfile profile = new();
        Thread other = new(() => Program());
        other.Start();
        other.Join();
        profile.Dispose();
        Program();
        Assert.Empty(profile.Times);
    }

    [Fact]
    public void The_numbers_are_the_same_bits_with_and_without()
    {
        double[] without = Program();
        using OperationProfile profile = new(byShape: true);
        Assert.Equal(without, Program());
    }

    [Fact]
    public void A_second_profile_on_a_thread_is_refused()
    {
        using OperationProfile profile = new();
        Assert.Throws<InvalidOperationException>(() => new OperationProfile());
        Program();
        Assert.NotEmpty(profile.Times);
    }

    [Fact]
    public void The_text_has_a_line_for_each_kind_the_longest_first()
    {
        using OperationProfile profile = new();
        Program();
        string[] lines = profile.ToString().TrimEnd().Split('\n');
        Assert.Equal(profile.Times.Select(time => time.Kind), lines.Skip(1).Select(line => line.Split(' ')[0]));
    }

    private static (long Forward, long Backward) Calls(OperationProfile profile, string kind)
    {
        OperationTime time = profile.Times.Single(time => time.Kind == kind);
        return (time.ForwardCalls, time.BackwardCalls);
    }

    // Σ tanh(X A) B, and its gradient to X.
    private static double[] Program()
    {
        Tensor x = Tensor.From([1.0, 2, 3, 4, 5, 6], [2, 3], DType.Float64).AsLeaf();
        Tensor a = Tensor.Full([3, 4], 0.125, DType.Float64);
        Tensor b = Tensor.Full([4, 5], 0.5, DType.Float64);
        Tensor loss = x.MatMul(a).Tanh().MatMul(b).Sum();
        loss.Backward();
        return [loss.Item(), .. x.Gradient!.Values<double>()];
    }

    private sealed class Sleep(Tensor x) : Operation(x)
    {
        public static readonly TimeSpan ForwardTime = TimeSpan.FromMilliseconds(3);

        public static readonly TimeSpan BackwardTime = TimeSpan.FromMilliseconds(6);

        protected override Shape OutputShape => x.Shape;

        protected override void Forward<T>(Span<T> y)
        {
            Thread.Sleep(ForwardTime);
            Values<T>(x).CopyTo(y);
        }

        protected override void Backward<T>(ReadOnlySpan<T> dy)
        {
            Thread.Sleep(BackwardTime);
            dy.CopyTo(ContributionTo<T>(x));
        }
    }
}

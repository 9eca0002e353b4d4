using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public sealed class WorkersTests : IDisposable
{
    private readonly int threadCount = Execution.ThreadCount;

    public void Dispose() => Execution.ThreadCount = threadCount;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_chunk_runs_exactly_once(int threads)
    {
        Execution.ThreadCount = threads;
        for (int round = 0; round < 2000; round++)
        {
            int[] runs = new int[round % 50];
            Workers.Run(runs.Length, new Count(runs));
            Assert.All(runs, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Chunks_run_on_as_many_threads_as_are_allowed_also_after_the_threads_slept()
    {
        foreach (int threads in (int[])[2, 4, 3])
        {
            Execution.ThreadCount = threads;
            Thread.Sleep(5); // longer than the threads look for work
            int[] seen = new int[threads];
            using var all = new Barrier(threads);
            Workers.Run(threads, new Meet(all, seen)); // ends only if every chunk has a thread of its own
            Assert.Equal(threads, seen.Distinct().Count());
        }
    }

    [Fact]
    public void A_call_from_within_a_chunk_runs_on_the_same_thread()
    {
        Execution.ThreadCount = 2;
        int[] runs = new int[30];
        Workers.Run(10, new Nested(runs));
        Assert.All(runs, n => Assert.Equal(10, n));
    }

    [Fact]
    public void An_exception_of_a_chunk_reaches_the_caller_and_the_threads_go_on()
    {
        Execution.ThreadCount = 2;
        for (int bad = 0; bad < 50; bad++)
        {
            ArithmeticException error = Assert.Throws<ArithmeticException>(() => Workers.Run(50, new Fail(bad)));
            Assert.Equal($"chunk {bad}", error.Message);
            int[] runs = new int[20];
            Workers.Run(20, new Count(runs));
            Assert.All(runs, n => Assert.Equal(1, n));
        }
    }

    [Fact]
    public void Two_callers_share_the_threads()
    {
        Execution.ThreadCount = 2;
        var callers = new Thread[3];
        int wrong = 0;
        for (int caller = 0; caller < callers.Length; caller++)
        {
            callers[caller] = new Thread(() =>
            {
                for (int round = 0; round < 1000; round++)
                {
                    int[] runs = new int[17];
                    Workers.Run(runs.Length, new Count(runs));
                    if (runs.Any(n => n != 1))
                        Interlocked.Increment(ref wrong);
                }
            });
        }
        Array.ForEach(callers, thread => thread.Start());
        Array.ForEach(callers, thread => thread.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        Execution.ThreadCount = 2;
        int[] runs = new int[8];
        Assert.Equal(0, Allocated.ByRepeated(() => Workers.Run(8, new Count(runs))));
    }

    private readonly struct Count(int[] runs) : IChunkBody
    {
        public void Run(int chunk) => Interlocked.Increment(ref runs[chunk]);
    }

    private readonly struct Meet(Barrier all, int[] seen) : IChunkBody
    {
        public void Run(int chunk)
        {
            seen[chunk] = Environment.CurrentManagedThreadId;
            if (!all.SignalAndWait(TimeSpan.FromSeconds(20)))
                throw new TimeoutException("Not every chunk found a thread.");
        }
    }

    private readonly struct Nested(int[] runs) : IChunkBody
    {
        public void Run(int chunk)
        {
            int thread = Environment.CurrentManagedThreadId;
            Workers.Run(runs.Length, new Inner(runs, thread));
        }
    }

    private readonly struct Inner(int[] runs, int thread) : IChunkBody
    {
        public void Run(int chunk)
        {
            if (Environment.CurrentManagedThreadId == thread)
                Interlocked.Increment(ref runs[chunk]);
        }
    }

    private readonly struct Fail(int bad) : IChunkBody
    {
        public void Run(int chunk)
        {
            if (chunk == bad)
                throw new ArithmeticException($"chunk {chunk}");
        }
    }
}

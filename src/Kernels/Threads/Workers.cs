using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Transformer.Kernels;

/// <summary>
/// The threads that kernels share. <see cref="Run"/> spreads chunks over at most <see cref="Execution.ThreadCount"/>
/// threads, the caller included. They stay alive and watch for work for a moment before they sleep, because between two
/// kernels of a training step there is less time than waking a thread takes.
/// </summary>
/// <remarks>
/// Each thread claims the next chunk when it is done with its last, so a thread whose core is held by another process
/// only takes fewer of them. One caller has the threads at a time; any other (a second model on its own thread, or a
/// kernel called from within a chunk) finds them taken and runs its chunks itself, so nobody waits and nothing can deadlock.
/// </remarks>
internal static unsafe class Workers
{
    // How long an idle thread looks for work before it sleeps; after the first part it offers its core to others at every look.
    private static readonly long SpinTicks = Stopwatch.Frequency * 40 / 1_000_000;
    private static readonly long IdleTicks = Stopwatch.Frequency * 300 / 1_000_000;

    private static readonly Board* SharedBoard = NewBoard();
    private static readonly SemaphoreSlim Bell = new(0);

    private static int taken;       // 1 while a caller has the threads
    private static int started;     // threads that exist; written by the caller that has them
    private static int asleep;      // threads that wait for the bell, or are about to
    private static Exception? failure;

    /// <summary>Runs chunks 0 to <paramref name="count"/> − 1 of <paramref name="body"/>, each once, and returns when all are done.</summary>
    /// <exception cref="Exception">The first exception of a chunk. Chunks that had not begun by then are left out.</exception>
    public static void Run<TBody>(int count, in TBody body)
        where TBody : struct, IChunkBody
    {
        TBody work = body;
        int helpers = Math.Min(Execution.ThreadCount, count) - 1;
        if (helpers <= 0 || Interlocked.CompareExchange(ref taken, 1, 0) != 0)
        {
            for (int chunk = 0; chunk < count; chunk++)
                work.Run(chunk);
            return;
        }

        // The threads see `work` only until Close has returned, so it may live on this stack.
        Open(count, helpers, &RunChunks<TBody>, Unsafe.AsPointer(ref work));
        Work();
        Exception? error = Close();
        Volatile.Write(ref taken, 0);
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
    }

    private static void RunChunks<TBody>(void* body, int count, ref int claimed)
        where TBody : struct, IChunkBody
    {
        ref TBody work = ref Unsafe.AsRef<TBody>(body);
        for (int chunk; (chunk = Interlocked.Increment(ref claimed) - 1) < count;)
            work.Run(chunk);
    }

    private static void Open(int count, int helpers, delegate*<void*, int, ref int, void> runChunks, void* body)
    {
        for (; started < helpers; started++)
            new Thread(Live) { IsBackground = true, Name = $"Kernel worker {started + 1}" }.UnsafeStart();

        SharedBoard->Count = count;
        SharedBoard->RunChunks = runChunks;
        SharedBoard->Body = body;
        SharedBoard->Claimed = 0;
        Interlocked.Exchange(ref SharedBoard->Door, Door.Opened(SharedBoard->Door, helpers));

        // A sleeper counts itself before it looks at the door a last time, and the door was opened before this line:
        // one of the two sees the other.
        if (Volatile.Read(ref asleep) > 0 && Interlocked.Exchange(ref asleep, 0) is > 0 and int sleepers)
            Bell.Release(sleepers);
    }

    private static Exception? Close()
    {
        Interlocked.And(ref SharedBoard->Door, ~Door.AllSeats);
        SpinWait wait = default;
        for (int look = 0; Door.Inside(Volatile.Read(ref SharedBoard->Door)) > 0; look++)
        {
            if (look < 200)
                Thread.SpinWait(1);
            else
                wait.SpinOnce(sleep1Threshold: -1); // yields: the thread waited for may need this very core
        }
        Exception? error = failure;
        failure = null;
        return error;
    }

    private static void Work()
    {
        try
        {
            SharedBoard->RunChunks(SharedBoard->Body, SharedBoard->Count, ref SharedBoard->Claimed);
        }
#pragma warning disable CA1031 // Whatever it is, it is the caller's: Run throws it there.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref failure, error, null);
            Volatile.Write(ref SharedBoard->Claimed, SharedBoard->Count); // nothing more is begun
        }
    }

    // A worker's life: look for an open door, enter, work, leave, and look again for a while before going to sleep.
    private static void Live()
    {
        long lastJob = 0;
        long idleSince = Stopwatch.GetTimestamp();
        while (true)
        {
            long door = Volatile.Read(ref SharedBoard->Door);
            if (Door.Seats(door) > 0 && Door.Job(door) != lastJob)
            {
                if (Interlocked.CompareExchange(ref SharedBoard->Door, Door.Entered(door), door) != door)
                    continue;
                lastJob = Door.Job(door);
                Work();
                Interlocked.Decrement(ref SharedBoard->Door);
                idleSince = Stopwatch.GetTimestamp();
                continue;
            }

            long idle = Stopwatch.GetTimestamp() - idleSince;
            if (idle < SpinTicks)
            {
                Thread.SpinWait(1);
            }
            else if (idle < IdleTicks)
            {
                Thread.Yield();
            }
            else
            {
                Sleep(lastJob);
                idleSince = Stopwatch.GetTimestamp();
            }
        }
    }

    private static void Sleep(long lastJob)
    {
        Interlocked.Increment(ref asleep);
        long door = Volatile.Read(ref SharedBoard->Door);
        if (Door.Seats(door) > 0 && Door.Job(door) != lastJob)
        {
            // Too late to sleep: take the count back, unless a caller has already rung for it.
            for (int sleepers; (sleepers = Volatile.Read(ref asleep)) > 0;)
            {
                if (Interlocked.CompareExchange(ref asleep, sleepers - 1, sleepers) == sleepers)
                    return;
            }
        }
        Bell.Wait();
    }

    private static Board* NewBoard()
    {
        var memory = (Board*)NativeMemory.AlignedAlloc((nuint)sizeof(Board), 128);
        *memory = default;
        return memory;
    }

    /// <summary>The job of the moment. What every chunk writes lies 128 bytes from what waiting threads read, so that these do not slow the working ones.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Board
    {
        [FieldOffset(0)] public long Door;
        [FieldOffset(128)] public int Claimed;
        [FieldOffset(256)] public int Count;
        [FieldOffset(264)] public void* Body;
        [FieldOffset(272)] public delegate*<void*, int, ref int, void> RunChunks;
    }

    /// <summary>One number that says which job it is (upper 32 bits), how many threads may still join (16 bits) and how many have joined and not left (16 bits).</summary>
    private static class Door
    {
        public const long AllSeats = 0xFFFF_0000L;
        private const long OneSeat = 0x1_0000L;

        public static long Job(long door) => door >>> 32;

        public static long Seats(long door) => (door & AllSeats) >> 16;

        public static long Inside(long door) => door & 0xFFFF;

        public static long Opened(long door, int seats) => ((Job(door) + 1) << 32) + (Math.Min(seats, 0xFFFF) * OneSeat);

        public static long Entered(long door) => door - OneSeat + 1;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Transformer.Autograd.Debugging;

/// <summary>
/// While a profile is open, the time of every operation of its thread is added up by kind, forwards and backwards:
/// <code>
/// using OperationProfile profile = new();
/// Tensor loss = model.Loss(batch);
/// loss.Backward();
/// Console.WriteLine(profile);
/// </code>
/// The numbers that the program computes are the same bits with and without it. A backward time includes adding the
/// operation's contributions to gradients that others contribute to as well.
/// </summary>
public sealed class OperationProfile : IDisposable
{
    [ThreadStatic]
    private static OperationProfile? active;

    // Profiles open on any thread: as long as there is none, an operation pays for one comparison.
    private static int open;

    private readonly Dictionary<(string Kind, string Shapes), OperationTime> times = [];
    private readonly bool byShape;
    private readonly Func<Operation, bool, double>? work;
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private long ownTicks;
    private bool disposed;

    /// <summary>Begins to time this thread's operations.</summary>
    /// <param name="byShape">True to tell operations of one kind apart by their shapes.</param>
    /// <param name="work">
    /// How much an operation has to do, forwards (false) or backwards (true), in whatever unit: it is added up beside the
    /// times. Null for none.
    /// </param>
    /// <exception cref="InvalidOperationException">A profile is open on this thread already.</exception>
    public OperationProfile(bool byShape = false, Func<Operation, bool, double>? work = null)
    {
        if (active is not null)
            throw new InvalidOperationException("OperationProfile: one is open on this thread already; end it first.");
        this.byShape = byShape;
        this.work = work;
        active = this;
        Interlocked.Increment(ref open);
    }

    /// <summary>The times so far, those that took longest first.</summary>
    public IReadOnlyList<OperationTime> Times => [.. times.Values.OrderByDescending(time => time.Total).ThenBy(time => time.Kind, StringComparer.Ordinal)];

    /// <summary>What the profile itself took, between the operations: no part of their times.</summary>
    public TimeSpan Overhead => Stopwatch.GetElapsedTime(0, ownTicks);

    /// <summary>Ends the profile; its times stay readable.</summary>
    /// <exception cref="InvalidOperationException">Another thread began it.</exception>
    public void Dispose()
    {
        if (disposed)
            return;
        if (Environment.CurrentManagedThreadId != threadId)
            throw new InvalidOperationException("OperationProfile: a profile ends on the thread that began it.");
        disposed = true;
        active = null;
        Interlocked.Decrement(ref open);
    }

    /// <summary>One line for each kind: calls, milliseconds forwards and backwards, share of all operations.</summary>
    public override string ToString()
    {
        IReadOnlyList<OperationTime> longestFirst = Times;
        double all = longestFirst.Sum(time => time.Total.TotalMilliseconds);
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"operation",-28}{"calls",8}{"forward ms",12}{"backward ms",13}{"share",8}");
        foreach (OperationTime time in longestFirst)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{time.Kind,-28}{time.ForwardCalls,8}{time.Forward.TotalMilliseconds,12:F3}{time.Backward.TotalMilliseconds,13:F3}{time.Total.TotalMilliseconds / all,8:P1}  {time.Shapes}");
            text.AppendLine(line.TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>The time now; 0 while no profile is open on this thread.</summary>
    internal static long Begin() => open == 0 ? 0 : BeginWhereActive();

    /// <summary>An operation has run forwards, or backwards, since <see cref="Begin"/> gave this.</summary>
    internal static void End(Operation operation, long began, bool backward)
    {
        if (began != 0)
            EndWhereActive(operation, began, backward);
    }

    private static long BeginWhereActive() => active is null ? 0 : Stopwatch.GetTimestamp();

    private static void EndWhereActive(Operation operation, long began, bool backward) =>
        active?.Add(operation, Stopwatch.GetTimestamp(), began, backward);

    private void Add(Operation operation, long now, long began, bool backward)
    {
        (string, string) key = (operation.Kind, byShape ? ShapesOf(operation) : string.Empty);
        if (!times.TryGetValue(key, out OperationTime? time))
            times[key] = time = new OperationTime(key.Item1, key.Item2);
        time.Add(now - began, work?.Invoke(operation, backward) ?? 0, backward);
        ownTicks += Stopwatch.GetTimestamp() - now;
    }

    private static string ShapesOf(Operation operation) =>
        $"{string.Join(", ", operation.Inputs.Select(input => input.Shape))} → {operation.Output.Shape}";
}

using System.Diagnostics;

namespace Transformer.Autograd.Debugging;

/// <summary>What the operations of one kind, or of one kind and shape, took while an <see cref="OperationProfile"/> was open.</summary>
public sealed class OperationTime
{
    private long forwardTicks;
    private long backwardTicks;

    internal OperationTime(string kind, string shapes)
    {
        Kind = kind;
        Shapes = shapes;
    }

    /// <summary>The operations' <see cref="Operation.Kind"/>.</summary>
    public string Kind { get; }

    /// <summary>The inputs' shapes and the output's, <c>[2, 3], [4, 3] → [2, 4]</c>; empty where the profile does not tell them apart.</summary>
    public string Shapes { get; }

    /// <summary>How often Forward ran.</summary>
    public long ForwardCalls { get; private set; }

    /// <summary>How often Backward ran.</summary>
    public long BackwardCalls { get; private set; }

    /// <summary>The time in Forward.</summary>
    public TimeSpan Forward => Stopwatch.GetElapsedTime(0, forwardTicks);

    /// <summary>The time in Backward, and in adding up what it contributed.</summary>
    public TimeSpan Backward => Stopwatch.GetElapsedTime(0, backwardTicks);

    /// <summary>Both.</summary>
    public TimeSpan Total => Forward + Backward;

    /// <summary>Work of the forward calls, in the unit of the function that the profile was given.</summary>
    public double ForwardWork { get; private set; }

    /// <summary>Work of the backward calls.</summary>
    public double BackwardWork { get; private set; }

    internal void Add(long ticks, double work, bool backward)
    {
        if (backward)
        {
            backwardTicks += ticks;
            BackwardCalls++;
            BackwardWork += work;
        }
        else
        {
            forwardTicks += ticks;
            ForwardCalls++;
            ForwardWork += work;
        }
    }
}

using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>Looks for what is not finite, faster than statistics would be gathered.</summary>
internal static class FiniteScan
{
    /// <summary>True where every number is finite; of values that were left out the statistics say it.</summary>
    public static bool IsFinite(RecordedValues values)
    {
        if (!values.IsComplete)
            return values.Statistics.IsFinite;
        Scan scan = new(values, locate: false);
        values.DType.Dispatch(ref scan);
        return scan.Result < 0;
    }

    /// <summary>Position of the first number that is not finite; −1 for none.</summary>
    /// <exception cref="ValuesLeftOutException">The values were left out.</exception>
    public static int First(RecordedValues values)
    {
        Scan scan = new(values, locate: true);
        values.DType.Dispatch(ref scan);
        return scan.Result;
    }

    /// <summary>The first element for which something holds; −1 for none.</summary>
    /// <exception cref="ValuesLeftOutException">The values were left out.</exception>
    public static int First(RecordedValues values, Func<double, bool> holds)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (holds(values.ValueAt(i)))
                return i;
        }

        return -1;
    }

    private struct Scan(RecordedValues values, bool locate) : ITypedAction
    {
        public int Result { get; private set; } = -1;

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            ReadOnlySpan<T> span = values.Values<T>();
            if (Reduction.AllFinite(span))
                return;
            Result = 0;
            while (locate && T.IsFinite(span[Result]))
                Result++;
        }
    }
}

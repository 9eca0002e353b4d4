namespace Transformer.Autograd.Debugging;

/// <summary>
/// While on, memory that an operation is to fill holds NaN beforehand, so that an element which it forgets is seen.
/// Per thread; <see cref="GradientCheck"/> turns it on.
/// </summary>
internal static class Poison
{
    [ThreadStatic]
    private static bool isOn;

    // Threads on which it is: as long as there is none, an operation pays for one comparison.
    private static int threads;

    public static bool IsOn
    {
        get => isOn;
        set
        {
            if (value != isOn)
                Interlocked.Add(ref threads, value ? 1 : -1);
            isOn = value;
        }
    }

    public static void Fill(Tensor memory)
    {
        if (threads > 0)
            FillWhereOn(memory);
    }

    private static void FillWhereOn(Tensor memory)
    {
        if (isOn)
            memory.Fill(double.NaN);
    }
}

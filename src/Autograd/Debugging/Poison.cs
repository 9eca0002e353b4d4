namespace Transformer.Autograd.Debugging;

/// <summary>
/// While on, memory that an operation is to fill holds NaN beforehand, so that an element which it forgets is seen.
/// Per thread; <see cref="GradientCheck"/> turns it on.
/// </summary>
internal static class Poison
{
    [ThreadStatic]
    private static bool isOn;

    public static bool IsOn
    {
        get => isOn;
        set => isOn = value;
    }

    public static void Fill(Tensor memory)
    {
        if (isOn)
            memory.Fill(double.NaN);
    }
}

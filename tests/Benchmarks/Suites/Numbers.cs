using Transformer.Kernels;

namespace Benchmarks.Suites;

/// <summary>Rows and columns of a matrix, as a parameter of a benchmark.</summary>
public readonly record struct RowShape(int Rows, int Columns)
{
    public int Count => Rows * Columns;

    public override string ToString() => $"{Rows} x {Columns}";
}

/// <summary>Inputs for kernels.</summary>
internal static class Numbers
{
    /// <summary>Normally distributed; the same for the same stream.</summary>
    public static float[] Normal(int count, uint stream)
    {
        float[] values = new float[count];
        Philox.FillNormal(new RandomKey(1, stream, 0, 0), 0f, 1f, values);
        return values;
    }

    /// <summary>Evenly distributed in [0, below).</summary>
    public static int[] Indices(int count, int below)
    {
        float[] uniform = new float[count];
        Philox.FillUniform<float>(new RandomKey(1, 0, 0, 0), uniform);
        return [.. uniform.Select(value => (int)(value * below))];
    }
}

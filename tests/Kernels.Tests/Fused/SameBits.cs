using System.Numerics;
using System.Runtime.InteropServices;
using Xunit;

namespace Kernels.Tests;

/// <summary>Compares a fused kernel with the kernels that it stands for, one after the other.</summary>
internal static class SameBits
{
    private static readonly int[] threadCounts = [1, 2, 3, 5];

    /// <summary>Both fill their outputs, of the given lengths, with the same bits: at every vector width, and at 1, 2, 3 and 5 threads.</summary>
    public static void As<T>(int[] outputLengths, Action<T[][]> fused, Action<T[][]> composed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Widths.ForEach(bits =>
        {
            T[][] expected = Outputs<T>(outputLengths);
            composed(expected);
            foreach (int threads in threadCounts)
            {
                T[][] actual = Outputs<T>(outputLengths);
                Widths.WithThreads(threads, () => fused(actual));
                for (int k = 0; k < outputLengths.Length; k++)
                {
                    bool same = MemoryMarshal.AsBytes<T>(expected[k]).SequenceEqual(MemoryMarshal.AsBytes<T>(actual[k]));
                    Assert.True(same, $"{typeof(T).Name}, {bits} bits, {threads} threads: output {k} of {outputLengths[k]} elements differs.");
                }
            }
        });
    }

    private static T[][] Outputs<T>(int[] lengths)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. lengths.Select(length => Enumerable.Repeat(T.CreateChecked(12345), length).ToArray())];
}

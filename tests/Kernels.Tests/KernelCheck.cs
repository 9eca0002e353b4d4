using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Xunit;

namespace Kernels.Tests;

/// <summary>Arrays of random numbers between −2 and 2 for a kernel to read, each a slice that no vector boundary falls on.</summary>
internal sealed class Inputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[][] arrays;

    public Inputs(params int[] lengths)
    {
        var random = new Random(17 + lengths.Sum());
        arrays = [.. lengths.Select(length => Enumerable.Range(0, length + 1).Select(_ => T.CreateChecked((random.NextDouble() * 4) - 2)).ToArray())];
    }

    public Span<T> this[int index] => arrays[index].AsSpan(1);
}

/// <summary>Compares kernels with their plain references, and with themselves on other numbers of threads.</summary>
internal static class KernelCheck
{
    /// <summary>Whole vectors, parts of them and everything between, for every width and element type.</summary>
    public static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100, 129, 257];

    public delegate void Kernel<T>(Inputs<T> inputs, Span<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// The kernel and its plain reference agree within <paramref name="roundings"/> units of rounding relative to the larger of 1 and the result,
    /// at every vector width, and nothing around the output is touched.
    /// </summary>
    public static void AgreesWithPlain<T>(int[] inputLengths, int outputLength, Kernel<T> kernel, double roundings = 16, bool keepsOutput = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputs = new Inputs<T>(inputLengths);
        T[] expected = [];
        Widths.Plainly(() => expected = Run(inputs, outputLength, kernel, keepsOutput));
        Widths.ForEach(bits =>
        {
            T[] actual = Run(inputs, outputLength, kernel, keepsOutput);
            for (int i = 0; i < outputLength; i++)
            {
                double a = double.CreateChecked(actual[i]);
                double e = double.CreateChecked(expected[i]);
                double bound = roundings * double.CreateChecked(T.BitIncrement(T.One) - T.One) * Math.Max(1, Math.Abs(e));
                if (!(a == e || Math.Abs(a - e) <= bound || (double.IsNaN(a) && double.IsNaN(e))))
                    Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{typeof(T).Name}, {bits} bits, element {i} of {outputLength}: {a:R}, plain {e:R}, bound {bound:R}"));
            }
        });
    }

    /// <summary>The kernel gives the same bits on one thread, two and three.</summary>
    public static void IsTheSameOnAnyThreads<T>(int[] inputLengths, int outputLength, Kernel<T> kernel, bool keepsOutput = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputs = new Inputs<T>(inputLengths);
        T[] alone = [];
        Widths.WithThreads(1, () => alone = Run(inputs, outputLength, kernel, keepsOutput));
        foreach (int threads in new[] { 2, 3 })
        {
            Widths.WithThreads(threads, () =>
            {
                T[] together = Run(inputs, outputLength, kernel, keepsOutput);
                Assert.True(MemoryMarshal.AsBytes<T>(alone).SequenceEqual(MemoryMarshal.AsBytes<T>(together)), $"{threads} threads give other bits than one.");
            });
        }
    }

    private static T[] Run<T>(Inputs<T> inputs, int outputLength, Kernel<T> kernel, bool keepsOutput)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int guard = 67;
        T untouched = T.CreateChecked(12345);
        var memory = new T[outputLength + (2 * guard)];
        Array.Fill(memory, untouched);
        Span<T> output = memory.AsSpan(guard, outputLength);
        for (int i = 0; keepsOutput && i < outputLength; i++)
            output[i] = T.CreateChecked(((i * 37 % 100) / 50.0) - 1);
        kernel(inputs, output);
        Assert.Equal(-1, memory.AsSpan(0, guard).IndexOfAnyExcept(untouched));
        Assert.Equal(-1, memory.AsSpan(guard + outputLength).IndexOfAnyExcept(untouched));
        return output.ToArray();
    }
}

using Transformer.Autograd;
using Xunit;

namespace Autograd.Tests;

/// <summary>Helpers that look at a graph and at the numbers in it.</summary>
internal static class Graph
{
    /// <summary>All operations that a tensor was computed by.</summary>
    public static IReadOnlyCollection<Operation> Of(Tensor y)
    {
        HashSet<Operation> found = [];
        void Visit(Tensor tensor)
        {
            if (tensor.Producer is { } producer && found.Add(producer))
            {
                foreach (Tensor input in producer.Inputs)
                    Visit(input);
            }
        }

        Visit(y);
        return found;
    }

    /// <summary>The values' bits: NaN equals NaN, and 0 differs from −0.</summary>
    public static long[] Bits(Tensor tensor) => [.. tensor.ToDoubles().Select(BitConverter.DoubleToInt64Bits)];

    /// <summary>All differences are at most <paramref name="relative"/> times the largest expected number.</summary>
    public static void AssertClose(double[] expected, double[] actual, double relative, double atLeast = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Append(atLeast).Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= relative * scale || (double.IsNaN(expected[i]) && double.IsNaN(actual[i])),
                $"element {i}: {expected[i]:G17} was expected, {actual[i]:G17} came out (largest {scale:G3})");
        }
    }

    /// <summary>Runs the body on a thread of its own, whose tape and steps begin empty, and passes its exception on.</summary>
    public static void OnNewThread(Action body)
    {
        Exception? thrown = null;
        Thread thread = new(() => thrown = Record.Exception(body));
        thread.Start();
        thread.Join();
        if (thrown is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
    }
}

using Transformer.Autograd;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests;

[Collection(RunsAlone.Name)]
public class ThreadTests
{
    [Fact]
    public void One_and_two_threads_give_the_same_bits()
    {
        int before = Execution.ThreadCount;
        try
        {
            Execution.ThreadCount = 1;
            long[] one = Train(seed: 5);
            Execution.ThreadCount = 2;
            Assert.Equal(one, Train(seed: 5));
        }
        finally
        {
            Execution.ThreadCount = before;
        }
    }

    [Fact]
    public void Two_models_on_two_threads_work_as_each_does_alone()
    {
        long[][] alone = [Train(seed: 1), Train(seed: 2)];
        long[][] together = new long[2][];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() => together[i] = Train(seed: (ulong)i + 1)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
        Assert.NotEqual(alone[0], alone[1]);
    }

    // Three steps of gradient descent on a block of attention and feed-forward, large enough to be spread over threads.
    private static long[] Train(ulong seed)
    {
        Tensor Leaf(uint stream, Shape shape) => Tensor.Normal(shape, new RandomKey(seed, stream, 0, 0), 0, 0.1).AsLeaf();
        Tensor[] parameters = [Leaf(1, [384, 128]), Leaf(2, [384]), Leaf(3, [512, 128]), Leaf(4, [128, 512]), Leaf(5, [128]), Leaf(6, [128]), Leaf(7, [50, 128])];
        Indices tokens = new([.. Enumerable.Range(0, 8 * 24).Select(i => (i * 7) % 50)], [8, 24]);
        for (uint step = 0; step < 3; step++)
        {
            using Step memory = new();
            Tensor x = parameters[6].Gather(tokens);
            AttentionAttributes attributes = new(4, Mask.Causal(24), false, 0.1, new RandomKey(seed, 9, step, 0));
            x = (x + x.Linear(parameters[0], parameters[1]).AttendPacked(attributes, out _)).LayerNorm(parameters[4], parameters[5]);
            x += x.Linear(parameters[2]).Relu().Dropout(0.1, new RandomKey(seed, 10, step, 0)).Linear(parameters[3]);
            Tensor loss = x.MatMul(parameters[6], transposeOther: true).CrossEntropy(tokens, labelSmoothing: 0.1);
            loss.Backward();
            foreach (Tensor parameter in parameters)
            {
                float[] gradient = parameter.Gradient!.Values<float>().ToArray();
                parameter.Edit<float>(values =>
                {
                    for (int i = 0; i < values.Length; i++)
                        values[i] -= 0.1f * gradient[i];
                });
                parameter.ZeroGradient();
            }
        }

        return [.. parameters.SelectMany(Graph.Bits)];
    }
}

using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class CopyingTests
{
    [Fact]
    public void Permutations_agree_with_their_plain_form()
    {
        int[][] shapes = [[], [5], [3, 4], [17, 33], [1, 7], [2, 3, 4], [5, 1, 6], [2, 19, 18], [2, 5, 3, 8], [3, 1, 17, 4], [0, 3]];
        foreach (int[] shape in shapes)
        {
            int n = shape.Aggregate(1, (product, size) => product * size);
            foreach (int[] axes in Permutations(shape.Length))
            {
                AgreesWithPlain<float>([n], n, (x, y) => Copying.Permute<float>(x[0], shape, axes, y), 0);
                AgreesWithPlain<double>([n], n, (x, y) => Copying.Permute<double>(x[0], shape, axes, y), 0);
            }
        }
    }

    [Fact]
    public void Clearing_sets_every_element_to_0_and_none_around_them()
    {
        // The longest is shared out among threads.
        foreach (int n in Sizes.Append(4 * Ranges.ChunkElements + 3))
        {
            AgreesWithPlain<float>([0], n, (_, y) => Copying.Clear(y), 0);
            AgreesWithPlain<double>([0], n, (_, y) => Copying.Clear(y), 0);
        }
    }

    [Fact]
    public void A_permuted_axis_is_the_one_that_axes_names()
    {
        // y[k, i, j] = x[i, j, k]: x is [1, 2, 3] 0 … 5, y is [3, 1, 2]
        var y = new float[6];
        Copying.Permute<float>([0, 1, 2, 3, 4, 5], [1, 2, 3], [2, 0, 1], y);
        Assert.Equal([0, 3, 1, 4, 2, 5], y);
    }

    [Fact]
    public void Expansions_and_their_adjoints_agree_with_their_plain_form()
    {
        (int[] Shape, int[] Strides, int Elements)[] cases =
        [
            ([], [], 1), ([4], [0], 1), ([4, 5], [0, 1], 5), ([4, 5], [1, 0], 4), ([3, 4, 33], [33, 0, 1], 99), ([3, 4, 5], [0, 1, 0], 4),
            ([2, 3, 4, 5], [0, 5, 0, 1], 15), ([2, 3, 4], [0, 0, 0], 1), ([6, 1, 7], [7, 7, 1], 42), ([2, 65], [0, 1], 65), ([3, 4], [0, 3], 10), ([0, 4], [0, 1], 4),
            ([3, 5], [5, 1], 20),
        ];
        foreach ((int[] shape, int[] strides, int elements) in cases)
        {
            int n = shape.Aggregate(1, (product, size) => product * size);
            AgreesWithPlain<float>([elements], n, (x, y) => Copying.Expand<float>(x[0], shape, strides, y), 0);
            AgreesWithPlain<float>([n], elements, (x, y) => Copying.ReduceTo<float>(x[0], shape, strides, y), 100);
            AgreesWithPlain<double>([n], elements, (x, y) => Copying.ReduceTo<double>(x[0], shape, strides, y), 100);
        }
    }

    [Fact]
    public void Reducing_is_the_adjoint_of_expanding()
    {
        // ⟨expand x, dy⟩ = ⟨x, reduce dy⟩
        int[] shape = [3, 4, 5];
        int[] strides = [0, 5, 1];
        var inputs = new Inputs<double>(20, 60);
        var y = new double[60];
        var dx = new double[20];
        Copying.Expand<double>(inputs[0], shape, strides, y);
        Copying.ReduceTo<double>(inputs[1], shape, strides, dx);
        Assert.Equal(Dot(y, inputs[1]), Dot(inputs[0], dx), 1e-13);

        static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += a[i] * b[i];
            return sum;
        }
    }

    [Fact]
    public void Large_layouts_are_the_same_on_any_number_of_threads()
    {
        IsTheSameOnAnyThreads<float>([501 * 401], 501 * 401, (x, y) => Copying.Permute<float>(x[0], [501, 401], [1, 0], y));
        AgreesWithPlain<float>([501 * 401], 501 * 401, (x, y) => Copying.Permute<float>(x[0], [501, 401], [1, 0], y), 0);
        AgreesWithPlain<float>([8 * 50 * 8 * 64], 8 * 50 * 8 * 64, (x, y) => Copying.Permute<float>(x[0], [8, 50, 8, 64], [0, 2, 1, 3], y), 0);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Copying.Permute<float>(new float[6], [2, 3], [0, 0], new float[6]));
        Assert.Throws<ArgumentException>(() => Copying.Expand<float>(new float[6], [2, 3], [4, 1], new float[6]));
    }

    private static IEnumerable<int[]> Permutations(int rank) =>
        rank == 0 ? [[]] : Permutations(rank - 1).SelectMany(shorter => Enumerable.Range(0, rank).Select(i => (int[])[.. shorter[..i], rank - 1, .. shorter[i..]]));
}

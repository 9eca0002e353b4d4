using Transformer.Kernels;
using Xunit;
using static Kernels.Tests.KernelCheck;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class IndexingTests
{
    [Fact]
    public void Gather_and_segment_sum_agree_with_their_plain_form()
    {
        int[] rows = [3, 0, 3, 9, 1, 3, 5];
        foreach (int width in Sizes.Where(size => size > 0))
        {
            AgreesWithPlain<float>([10 * width], 7 * width, (x, y) => Indexing.Gather<float>(x[0], rows, y, width), 0);
            AgreesWithPlain<float>([7 * width], 10 * width, (x, y) => Indexing.SegmentSum<float>(x[0], rows, y, width), 0);
            AgreesWithPlain<double>([7 * width], 10 * width, (x, y) => Indexing.SegmentSum<double>(x[0], rows, y, width, ignoredRow: 3), 0);
        }
    }

    [Fact]
    public void Rows_that_occur_twice_add_up_and_the_ignored_one_takes_nothing()
    {
        float[] table = [9, 9, 9, 9, 9, 9];
        Indexing.SegmentSum<float>([1, 2, 10, 20, 3, 4], [0, 2, 0], table, 2, ignoredRow: 2);
        Assert.Equal([4, 6, 0, 0, 0, 0], table);
    }

    [Fact]
    public void Without_rows_the_sums_are_0()
    {
        float[] table = [9, 9, 9, 9];
        Indexing.SegmentSum<float>([], [], table, 2);
        Assert.Equal([0, 0, 0, 0], table);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int[] rows = [.. Enumerable.Range(0, 900).Select(i => i * i % 31)];
        IsTheSameOnAnyThreads<float>([900 * 257], 31 * 257, (x, y) => Indexing.SegmentSum<float>(x[0], rows, y, 257));
        IsTheSameOnAnyThreads<float>([31 * 257], 900 * 257, (x, y) => Indexing.Gather<float>(x[0], rows, y, 257));
    }

    [Fact]
    public void A_row_outside_the_table_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Indexing.Gather<float>(new float[6], [0, 3], new float[4], 2));
        Assert.Contains("Row number 3 at position 1 is outside the table of 3 rows", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Indexing.SegmentSum<float>(new float[2], [-1], new float[6], 2));
    }
}

using System.Numerics;
using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

[Collection(SetsExecution.Name)]
public class LargestElementsTests
{
    private static readonly int[] Columns = [1, 2, 7, 16, 33, 511, 512, 513, 1100, 8000];

    [Fact]
    public void The_first_of_the_largest_elements_is_found_wherever_it_stands()
    {
        Widths.ForEach(_ =>
        {
            foreach (int columns in Columns)
            {
                Check<float>(columns);
                Check<double>(columns);
            }
        });

        static void Check<T>(int columns)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Random random = new(columns);
            const int Rows = 20;
            // Few different values, so that most rows have several largest ones.
            T[] x = [.. Enumerable.Range(0, Rows * columns).Select(_ => T.CreateChecked(random.Next(-columns, columns) / 3))];
            x.AsSpan(0, columns).Fill(T.NegativeInfinity);
            (int[] indices, T[] values) = Find(x, Rows);
            Assert.Equal((0, T.NegativeInfinity), (indices[0], values[0]));
            for (int row = 1; row < Rows; row++)
            {
                T[] elements = x[(row * columns)..((row + 1) * columns)];
                Assert.Equal(elements.Max(), values[row]);
                Assert.Equal(Array.IndexOf(elements, elements.Max()), indices[row]);
            }

            (int[] plainIndices, T[] plainValues) = (new int[Rows], new T[Rows]);
            LargestElements.FindPlain(x, plainIndices, plainValues);
            Assert.Equal(plainIndices, indices);
            Assert.Equal(plainValues, values);
        }
    }

    [Fact]
    public void A_NaN_anywhere_makes_the_value_of_its_row_NaN()
    {
        Widths.ForEach(_ =>
        {
            foreach (int columns in Columns)
            {
                for (int place = 0; place < columns; place += 1 + (columns / 20))
                {
                    float[] x = [.. Enumerable.Range(0, 2 * columns).Select(i => (float)(i % 11))];
                    x[place] = float.NaN;
                    float[] plain = new float[2];
                    LargestElements.FindPlain(x, new int[2], plain);
                    Assert.True(float.IsNaN(Find(x, 2).Values[0]) && float.IsNaN(plain[0]));
                    Assert.False(float.IsNaN(Find(x, 2).Values[1]) || float.IsNaN(plain[1]));
                }
            }
        });
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LargestElements.Find<float>(new float[7], new int[2], new float[2]));
        Assert.Throws<ArgumentException>(() => LargestElements.Find<float>(new float[6], new int[2], new float[3]));
        Assert.Throws<ArgumentException>(() => LargestElements.Find<float>([], new int[2], new float[2]));
        LargestElements.Find<float>([], [], []);
    }

    private static (int[] Indices, T[] Values) Find<T>(T[] x, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int[] indices, T[] values) = (new int[rows], new T[rows]);
        LargestElements.Find(x, indices, values);
        return (indices, values);
    }
}

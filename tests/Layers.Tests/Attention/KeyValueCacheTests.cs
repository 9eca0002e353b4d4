using Transformer.Autograd;
using Transformer.Layers;
using Xunit;

namespace Layers.Tests.Attention;

public class KeyValueCacheTests
{
    [Fact]
    public void A_cache_holds_what_was_appended_as_it_grows_and_hides_the_rest()
    {
        KeyValueCache cache = KeyValueCache.Empty(2, 1, DType.Float64);
        int smallest = cache.Capacity;
        for (int position = 0; position <= smallest; position++)
            cache.Append(Row(position, 100 + position), Keep(true, position != 3));

        Assert.Equal(smallest + 1, cache.Length);
        Assert.Equal(2 * smallest, cache.Capacity);
        for (int position = 0; position < cache.Capacity; position++)
        {
            bool held = position <= smallest;
            Assert.Equal(held, cache.Mask.Values[position]);
            Assert.Equal(held && position != 3, cache.Mask.Values[cache.Capacity + position]);
            Assert.Equal(held ? position : 0, cache.KeysAndValues[0, position, 0]);
            Assert.Equal(held ? 100 + position : 0, cache.KeysAndValues[1, position, 1]);
        }
    }

    [Fact]
    public void A_cache_has_room_for_the_expected_length()
    {
        Assert.Equal(40, KeyValueCache.Empty(2, 1, DType.Float32, expectedLength: 40).Capacity);
        Assert.Equal(KeyValueCache.Empty(2, 1, DType.Float32).Capacity, KeyValueCache.Empty(2, 1, DType.Float32, expectedLength: 3).Capacity);
    }

    [Fact]
    public void Selected_rows_come_in_the_order_asked_for_and_may_repeat()
    {
        KeyValueCache cache = KeyValueCache.Empty(2, 1, DType.Float32);
        cache.Append(Row(1, 2).To(DType.Float32), Keep(true, false));

        cache.Select(1, 0, 1);

        Assert.Equal([3, 16, 2], cache.KeysAndValues.Shape);
        Assert.Equal([2.0, 1, 2], Enumerable.Range(0, 3).Select(row => cache.KeysAndValues[row, 0, 0]));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(row => cache.Mask.Values[row * 16]));
    }

    [Fact]
    public void Rows_keep_what_they_hold_while_they_change_places_again_and_again()
    {
        KeyValueCache cache = KeyValueCache.Empty(2, 1, DType.Float64);
        List<double>[] expected = [[], []];
        int[][] selections = [[1, 0], [1, 1], [0, 1], [1, 0], [0, 0, 1], [2, 1, 0], [2, 0], [1, 0], [1, 0]];
        for (int position = 0; position < selections.Length; position++)
        {
            double[] values = [.. expected.Select((_, row) => (10.0 * position) + row)];
            cache.Append(
                Tensor.From([.. values.SelectMany(value => new[] { value, -value })], [values.Length, 1, 2], DType.Float64),
                new Mask([.. values.Select(_ => true)], [values.Length, 1, 1, 1]));
            for (int row = 0; row < values.Length; row++)
                expected[row].Add(values[row]);

            cache.Select(selections[position]);
            expected = [.. selections[position].Select(row => new List<double>(expected[row]))];
            for (int row = 0; row < expected.Length; row++)
            {
                Assert.Equal(expected[row], Enumerable.Range(0, cache.Length).Select(at => cache.KeysAndValues[row, at, 0]));
                Assert.Equal(expected[row].Select(value => -value), Enumerable.Range(0, cache.Length).Select(at => cache.KeysAndValues[row, at, 1]));
            }
        }
    }

    [Fact]
    public void Selecting_all_rows_in_their_order_moves_nothing()
    {
        KeyValueCache cache = KeyValueCache.Of(Row(3, 4), Keep(true, true));
        Tensor before = cache.KeysAndValues;

        cache.Select(0, 1);
        Assert.Same(before, cache.KeysAndValues);

        cache.Select(0);
        Assert.NotSame(before, cache.KeysAndValues);
        Assert.Equal([1, 1, 2], cache.KeysAndValues.Shape);
    }

    [Fact]
    public void Its_mask_is_made_once_for_what_it_holds()
    {
        KeyValueCache cache = KeyValueCache.Empty(2, 1, DType.Float64);
        Mask empty = cache.Mask;
        Assert.Same(empty, cache.Mask);

        cache.Append(Row(1, 2), Keep(true, false));
        Mask appended = cache.Mask;
        Assert.Same(appended, cache.Mask);
        Assert.False(empty.Values[0]);
        Assert.True(appended.Values[0]);

        cache.Select(1, 0);
        Assert.False(cache.Mask.Values[0]);
        Assert.True(appended.Values[0]);
    }

    [Fact]
    public void Its_memory_outlives_the_step_in_which_it_was_filled()
    {
        KeyValueCache cache;
        using (new Step())
        {
            cache = KeyValueCache.Of(Row(3, 4) * 2, Keep(true, true));
            cache.Select(1);
        }

        Assert.Equal(8, cache.KeysAndValues[0, 0, 0]);
    }

    [Fact]
    public void Another_batch_is_refused()
    {
        KeyValueCache cache = KeyValueCache.Empty(3, 1, DType.Float64);

        ArgumentException error = Assert.Throws<ArgumentException>(() => cache.Append(Row(1, 2), Keep(true, true)));

        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Select(0, 3));
        Assert.Contains("[3, newPositions, 2] can be appended, not [2, 1, 2]", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Row(double first, double second) => Tensor.From([first, first, second, second], [2, 1, 2], DType.Float64);

    private static Mask Keep(bool first, bool second) => new([first, second], [2, 1, 1, 1]);
}

using System.Runtime.CompilerServices;
using Transformer.Autograd;
using Transformer.Kernels;
using Xunit;

namespace Autograd.Tests;

/// <summary>The memory that steps share out: blocks of any size, none of which lies in another.</summary>
public class ArenaTests
{
    [Fact]
    public void Whatever_is_rented_and_returned_no_block_reaches_into_another()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Arena arena = new();
            List<(RentedStorage Memory, int Count, double Mark)> held = [];
            for (int i = 0; i < 400; i++)
            {
                uint random = Philox.UInt32At(new RandomKey(seed, 0, 0, 0), i);
                if (held.Count > 0 && random % 5 < 2)
                {
                    int which = (int)(random / 5 % held.Count);
                    Check(held[which]);
                    held[which].Memory.Return();
                    held.RemoveAt(which);
                    continue;
                }

                // Sizes of every order of magnitude, up to a few that need a slab of their own.
                int count = (int)(random / 5 % (1u << (int)(random / 1024 % 22)));
                RentedStorage memory = arena.Rent(8L * count);
                memory.Span<double>(0, count).Fill(i);
                held.Add((memory, count, i));
            }

            held.ForEach(Check);
        }

        static void Check((RentedStorage Memory, int Count, double Mark) entry) =>
            Assert.False(entry.Memory.Span<double>(0, entry.Count).ContainsAnyExcept(entry.Mark));
    }

    [Fact]
    public void What_comes_back_in_any_order_is_whole_again()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            Arena arena = new();
            List<RentedStorage> blocks = [.. Enumerable.Range(1, 300).Select(i => arena.Rent(1000L * i))];
            long capacity = arena.Capacity;
            for (int i = 0; blocks.Count > 0; i++)
            {
                int which = (int)(Philox.UInt32At(new RandomKey(seed, 0, 0, 0), i) % blocks.Count);
                blocks[which].Return();
                blocks.RemoveAt(which);
            }

            // Half of the memory lies in the largest slab.
            Assert.Equal(capacity / 2, Rent(arena, capacity / 2 * Line.ByteSize).Count);
            Assert.Equal(capacity, arena.Capacity);
        }
    }

    [Fact]
    public void Blocks_of_the_same_sizes_fit_where_they_lay_before_and_in_another_order()
    {
        Arena arena = new();
        int[] sizes = [.. Enumerable.Range(1, 200).Select(i => i * 7919)];
        Use(sizes);
        long capacity = arena.Capacity;
        Use(sizes);
        Assert.Equal(capacity, arena.Capacity);
        Assert.True(capacity * Line.ByteSize < 1.3 * sizes.Sum(), $"{capacity} lines for {sizes.Sum()} bytes");

        void Use(int[] sizes)
        {
            RentedStorage[] blocks = [.. sizes.Select(size => arena.Rent(size))];
            Array.ForEach(blocks, block => block.Return());
        }
    }

    [Fact]
    public void Blocks_begin_at_a_cache_line()
    {
        Arena arena = new();
        foreach (int bytes in new[] { 9, 64, 65, 1000, 5_000_000 })
        {
            Block block = Rent(arena, bytes);
            Assert.True(block.Count * 64 >= bytes);
            nint address = Unsafe.ByteOffset(in Unsafe.NullRef<byte>(), in block.Span<byte>(0, 1)[0]);
            Assert.Equal(0, address % 64);
        }
    }

    [Fact]
    public void Single_numbers_lie_side_by_side_and_serve_again_after_their_step()
    {
        Arena arena = new();
        ArenaMark start = arena.Mark;
        RentedStorage[] places = [.. Enumerable.Range(0, 200).Select(_ => arena.Rent(8))];
        int[] leases = [.. places.Select(place => place.Lease)];
        for (int i = 0; i < places.Length; i++)
            places[i].Span<double>(0, 1)[0] = i;
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (double)i), places.Select(place => place.Span<double>(0, 1)[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => places[0].Span<float>(0, 3).Length);

        long capacity = arena.Capacity;
        arena.ReturnAfter(start);
        Assert.All(places.Zip(leases), pair => Assert.NotEqual(pair.Second, pair.First.Lease));
        Assert.Equal(places, Enumerable.Range(0, 200).Select(_ => arena.Rent(4)));
        Assert.Equal(capacity, arena.Capacity);
    }

    [Fact]
    public void A_block_gives_no_more_than_it_has()
    {
        Block block = Rent(new Arena(), 64);
        Assert.Equal(16, block.Span<float>(0, 16).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Span<float>(1, 16).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Span<float>(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Span<float>(0, -1).Length);
    }

    [Fact]
    public void Size_classes_grow_by_an_eighth_of_a_doubling()
    {
        Assert.Equal([1, 2, 3], Enumerable.Range(1, 3).Select(Arena.ClassOf));
        Assert.Equal([15, 16, 16, 17, 17], Enumerable.Range(15, 5).Select(Arena.ClassOf));
        for (int count = 1; count < 5000; count++)
        {
            int next = Arena.ClassOf(count + 1);
            Assert.InRange(next - Arena.ClassOf(count), 0, 1);
        }
    }

    private static Block Rent(Arena arena, long bytes) => Assert.IsType<Block>(arena.Rent(bytes));
}

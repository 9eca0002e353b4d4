using Transformer.Kernels;
using Xunit;

namespace Kernels.Tests;

public class DropoutPiecesTests
{
    private static readonly RandomKey Key = new(0x1234_5678_9ABC_DEF0, 7, 11, 3);

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(3, 9, 5)]
    [InlineData(1, 3, 2500)] // a row of more than two stretches
    [InlineData(0, 2049, 1)] // a stretch of 1,024 rows
    [InlineData(2, 2, 7)]
    [InlineData(0, 5, 0)]
    public void Every_element_of_the_rows_is_in_one_piece_with_its_own_word(int startRow, int endRow, int columns)
    {
        Span<uint> buffer = new uint[DropoutMask<float>.BufferLength];
        int next = startRow * columns;
        for (DropoutPieces<float> piece = new(new DropoutMask<float>(0.3f, Key), startRow, endRow, columns, buffer); piece.Next();)
        {
            Assert.Equal(next, piece.First);
            Assert.Equal(next % columns, piece.Column);
            Assert.InRange(piece.Length, 1, columns - piece.Column);
            for (int i = 0; i < piece.Length; i++)
                Assert.Equal(Philox.UInt32At(Key, piece.First + i), piece.Words[i]);
            next += piece.Length;
        }

        Assert.Equal(endRow * columns, next);
    }
}

using Transformer.Autograd.Files;
using Xunit;

namespace Autograd.Tests.Files;

public class SavingTests
{
    [Fact]
    public void A_disk_that_fills_at_any_byte_leaves_the_old_file_whole_and_no_temporary_file()
    {
        using var folder = new FilesFolder();
        var path = folder.File("small.safetensors");
        var old = folder.SmallFile();
        IReadOnlyList<SafetensorsEntry> newer = [.. FilesFolder.SmallEntries, SafetensorsEntry.From<float>("more", [2], new float[2])];
        for (var room = 0; room < old.Length; room += 7)
        {
            var exception = Assert.Throws<TensorFileException>(
                () => SafetensorsFile.Write(path, newer, FilesFolder.SmallMetadata, stream => new FullDisk(stream, room)));
            Assert.StartsWith($"{path}: could not be saved: No space left on device", exception.Message, StringComparison.Ordinal);
            Assert.EndsWith("the file that was there is unchanged", exception.Message, StringComparison.Ordinal);
            Assert.Equal([path], Directory.GetFiles(folder.Path));
            Assert.Equal(old, File.ReadAllBytes(path));
        }

        SafetensorsFile.Write(path, newer, FilesFolder.SmallMetadata, stream => new FullDisk(stream, 10_000));
        Assert.True(SafetensorsFile.Read(path, HashRequirement.Required).Contains("more"));
    }

    [Fact]
    public void A_file_that_cannot_fit_the_disk_is_refused_by_the_operating_system_before_it_is_written()
    {
        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        var exception = Record.Exception(() => AtomicFile.Replace(path, 1L << 60, _ => throw new UnreachableDiskException()));

        // Where a file system cannot tell beforehand, writing begins; either way nothing stays behind.
        Assert.True(exception is IOException or UnreachableDiskException, exception?.ToString());
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_killed_runs_left_is_removed_and_nothing_else_is()
    {
        using var folder = new FilesFolder();
        var path = folder.File("small.safetensors");
        var leftover = path + ".0123456789abcdef0123456789abcdef.tmp";
        string[] others =
        [
            path + ".tmp",
            path + ".0123456789abcdef0123456789abcdeX.tmp",
            path + ".0123456789abcdef0123456789abcdef.tmp.gz",
            folder.File("other.safetensors.0123456789abcdef0123456789abcdef.tmp"),
        ];
        foreach (var file in others.Append(leftover))
        {
            File.WriteAllText(file, "half");
        }

        folder.SmallFile();
        Assert.Equal(others.Append(path).Order(StringComparer.Ordinal), Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal));
        Assert.All(others, file => Assert.Equal("half", File.ReadAllText(file)));
    }

    [Fact]
    public void A_temporary_file_that_is_being_written_is_left_alone()
    {
        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        AtomicFile.Replace(path, 1, outer =>
        {
            AtomicFile.Replace(path, 1, inner => inner.WriteByte(1));
            Assert.Equal([1], File.ReadAllBytes(path));
            Assert.Single(AtomicFile.Temporaries(path));
            outer.WriteByte(2);
        });
        Assert.Equal([2], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Savers_and_readers_of_one_file_at_the_same_time_only_ever_see_whole_files()
    {
        using var folder = new FilesFolder();
        var path = folder.File("model.safetensors");
        folder.SmallFile();
        File.Move(folder.File("small.safetensors"), path);
        var writers = Enumerable.Range(0, 2).Select(writer => new Action(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                var values = Enumerable.Repeat((float)writer, 1000 * (writer + 1)).ToArray();
                SafetensorsFile.Write(path, [SafetensorsEntry.From<float>("x", [values.Length], values)], new Dictionary<string, string>());
            }
        }));
        var readers = Enumerable.Range(0, 2).Select(_ => new Action(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.NotNull(SafetensorsFile.Read(path, HashRequirement.Required).Sha256);
            }
        }));
        Parallel.Invoke([.. writers, .. readers]);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_missing_folder_and_a_folder_in_the_place_of_the_file_are_told_in_one_line()
    {
        using var folder = new FilesFolder();
        foreach (var path in new[] { folder.File("missing/model.safetensors"), folder.Path })
        {
            var exception = Assert.Throws<TensorFileException>(
                () => SafetensorsFile.Write(path, FilesFolder.SmallEntries, FilesFolder.SmallMetadata));
            Assert.StartsWith($"{path}: could not be saved: ", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("unchanged", exception.Message, StringComparison.Ordinal);
            Assert.Empty(AtomicFile.Temporaries(path));
        }
    }

    private sealed class UnreachableDiskException : Exception;

    /// <summary>Takes a number of bytes and then fails as Linux does with ENOSPC.</summary>
    private sealed class FullDisk(FileStream inner, long room) : Stream
    {
        private long left = room;

        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var fits = (int)Math.Min(left, buffer.Length);
            inner.Write(buffer[..fits]);
            left -= fits;
            if (fits < buffer.Length)
            {
                throw new IOException($"No space left on device : '{inner.Name}'");
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);
    }
}

using Benchmarks.Measuring;
using Xunit;

namespace Benchmarks.Tests.Measuring;

public sealed class ResultFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("result-file");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Missing_folders_are_made_and_the_result_is_one_line()
    {
        string path = Path.Combine(folder.FullName, "a", "b.json");
        new ResultFile(path).Write("result");
        Assert.Equal("\"result\"\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_known_before_anything_is_measured() =>
        Assert.ThrowsAny<UnauthorizedAccessException>(() => new ResultFile(folder.FullName));

    [Fact]
    public void An_earlier_result_stays_until_there_is_a_new_one()
    {
        string path = Path.Combine(folder.FullName, "old.json");
        File.WriteAllText(path, "old");
        ResultFile file = new(path);
        Assert.Equal("old", File.ReadAllText(path));
        file.Write(1);
        Assert.Equal("1\n", File.ReadAllText(path));
    }
}

using Xunit;

namespace Training.Tests.Data;

/// <summary>A test on the Multi30k data set, which lies beside the repository and is not a part of it; skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class Multi30kFactAttribute : FactAttribute
{
    public Multi30kFactAttribute()
    {
        if (!Directory.Exists(Multi30k.Folder))
            Skip = "needs the Multi30k data set in ../shared/multi30k (relative to the repository): train, val and test_2016_flickr, .de.gz and .en.gz";
    }
}

internal static class Multi30k
{
    public static string Folder { get; } = Path.Combine(Repository(), "..", "shared", "multi30k");

    public static string File(string name) => Path.Combine(Folder, name + ".gz");

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "Transformer.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests do not lie in the repository");
    }
}

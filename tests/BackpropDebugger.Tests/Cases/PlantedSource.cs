using Transformer.Samples.BackpropDebugger.Cases;

namespace BackpropDebugger.Tests.Cases;

/// <summary>Where in the source a bug was planted: on the line that is marked, or on the one after an <c>else</c> that is.</summary>
internal static class PlantedSource
{
    private const string Marker = "// planted";
    private const string Folder = "samples/BackpropDebugger/Cases/Planted";

    /// <summary><c>samples/BackpropDebugger/Cases/Planted/DeadRelu.cs:12</c>, as a recording says it.</summary>
    public static string PlaceOf(PlantedBug bug)
    {
        string file = FileOf(bug);
        string[] lines = File.ReadAllLines(file);
        int marked = Array.FindIndex(lines, line => line.Contains(Marker, StringComparison.Ordinal));
        int planted = lines[marked].Trim().StartsWith("else", StringComparison.Ordinal) ? marked + 1 : marked;
        return FormattableString.Invariant($"{Folder}/{Path.GetFileName(file)}:{planted + 1}");
    }

    public static string FileOf(PlantedBug bug) => Directory
        .EnumerateFiles(Path.Combine(Root, Folder), "*.cs")
        .Single(file => File.ReadAllText(file).Contains($"\"{bug.Name}\",", StringComparison.Ordinal));

    /// <summary>The folder of the repository.</summary>
    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "Transformer.sln")))
                folder = Path.GetDirectoryName(folder);
            return folder ?? throw new InvalidOperationException("Transformer.sln is in no folder above the tests.");
        }
    }
}

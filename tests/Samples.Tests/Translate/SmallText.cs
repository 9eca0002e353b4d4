using System.Text;

namespace Samples.Tests.Translate;

/// <summary>A folder of its own for each test, with a text of a hundred short sentence pairs, removed at the end.</summary>
internal sealed class SmallText : IDisposable
{
    private static readonly (string, string)[] Subjects =
        [("der Mann", "the man"), ("die Frau", "the woman"), ("das Kind", "the child"), ("der Hund", "the dog"), ("die Katze", "the cat")];

    private static readonly (string, string)[] Objects =
        [("Wasser", "water"), ("Brot", "bread"), ("Milch", "milk"), ("Fleisch", "meat"), ("Käse", "cheese")];

    private static readonly (string, string)[] Verbs = [("sieht", "sees"), ("kauft", "buys"), ("holt", "fetches"), ("sucht", "seeks")];

    // Object first: the word order of the two sides crosses.
    private static readonly (string Source, string Target)[] Pairs =
    [
        .. from subject in Subjects
           from verb in Verbs
           from thing in Objects
           select ($"{thing.Item1} {verb.Item1} {subject.Item1}.", $"{subject.Item2} {verb.Item2} {thing.Item2}."),
    ];

    public SmallText()
    {
        Folder = Directory.CreateTempSubdirectory("translate-test-").FullName;
        Source = Write("text.de", [.. Pairs.Select(pair => pair.Source)]);
        Target = Write("text.en", [.. Pairs.Select(pair => pair.Target)]);
        Model = Path.Combine(Folder, "model");
    }

    public static string[] References => [.. Pairs.Select(pair => pair.Target)];

    public string Folder { get; }

    public string Source { get; }

    public string Target { get; }

    /// <summary>Where the training commands of this text write.</summary>
    public string Model { get; }

    public string Checkpoint => Path.Combine(Model, "checkpoint.safetensors");

    /// <summary>Trains a model so small that a step takes milliseconds.</summary>
    /// <param name="more">Further options, or other values of those that are set here.</param>
    public string[] Train(params string[] more)
    {
        string[] usual =
        [
            "--source", Source, "--target", Target, "--out", Model, "--preset", "tiny", "--layers", "1", "--model-size", "32",
            "--heads", "2", "--feed-forward", "64", "--batch", "5", "--threads", "1",
        ];
        return ["train", .. usual.Chunk(2).Where(option => !more.Contains(option[0])).SelectMany(option => option), .. more];
    }

    public string Write(string name, params string[] lines) => Write(name, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public string Write(string name, byte[] content)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Every file below the model's folder with its content.</summary>
    public Dictionary<string, string> Artifacts() => Directory.EnumerateFiles(Model, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(Model, file), file => Convert.ToHexString(File.ReadAllBytes(file)));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

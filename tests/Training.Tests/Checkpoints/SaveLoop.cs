using System.Globalization;
using Transformer.Training.Checkpoints;

namespace Training.Tests.Checkpoints;

/// <summary>Saves one generation after the other over the same file, until it is killed.</summary>
internal static class SaveLoop
{
    internal const string Verb = "save-loop";

    /// <summary>4 MB, so that a save takes long enough to be hit.</summary>
    internal const int Numbers = 1 << 20;

    internal static void Run(string path)
    {
        for (var generation = 1; ; generation++)
        {
            Save(path, generation);
            Console.Out.WriteLine(generation.ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
    }

    /// <summary>All numbers are the generation, so that a mixture of two would show even without the hash.</summary>
    internal static void Save(string path, int generation)
    {
        var values = new float[Numbers];
        Array.Fill(values, generation);
        var metadata = new Dictionary<string, string> { ["generation"] = generation.ToString(CultureInfo.InvariantCulture) };
        SafetensorsFile.Write(path, [SafetensorsEntry.From<float>("values", [Numbers], values)], metadata);
    }
}

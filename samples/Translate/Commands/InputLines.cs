using System.Text;
using System.Text.Unicode;
using Transformer.Samples.Translate.Running;

namespace Transformer.Samples.Translate.Commands;

/// <summary>Lines of standard input as they come, in strict UTF-8.</summary>
internal static class InputLines
{
    /// <exception cref="UsageException">A line is not valid UTF-8; it is named.</exception>
    public static IEnumerable<string> Read()
    {
        using BufferedStream input = new(Console.OpenStandardInput());
        List<byte> line = [];
        for (int number = 1; ReadLine(input, line); number++)
        {
            byte[] bytes = [.. line];
            if (!Utf8.IsValid(bytes))
                throw new UsageException($"standard input: line {number} is not valid UTF-8");
            yield return Encoding.UTF8.GetString(bytes).TrimEnd('\r');
        }
    }

    // False at the end of the input.
    private static bool ReadLine(Stream input, List<byte> line)
    {
        line.Clear();
        int value;
        while ((value = input.ReadByte()) >= 0 && value != '\n')
            line.Add((byte)value);
        return value >= 0 || line.Count > 0;
    }
}

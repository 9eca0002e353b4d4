using System.Text;
using System.Text.Unicode;
using Transformer.Samples.Translate.Running;

namespace Transformer.Samples.Translate.Commands;

/// <summary>
/// Lines of standard input as they come: from a terminal as it decodes them, else in strict UTF-8, where a byte order mark
/// at the beginning is skipped.
/// </summary>
internal static class InputLines
{
    /// <exception cref="UsageException">A line is not valid UTF-8; it is named.</exception>
    public static IEnumerable<string> Read() => Console.IsInputRedirected ? ReadBytes() : ReadTerminal();

    private static IEnumerable<string> ReadTerminal()
    {
        while (Console.In.ReadLine() is { } line)
            yield return line;
    }

    private static IEnumerable<string> ReadBytes()
    {
        using BufferedStream input = new(Console.OpenStandardInput());
        List<byte> line = [];
        for (int number = 1; ReadLine(input, line); number++)
        {
            byte[] bytes = [.. line];
            if (number == 1 && bytes.AsSpan().StartsWith("\uFEFF"u8))
                bytes = bytes[3..];
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

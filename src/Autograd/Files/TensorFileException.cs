using System.Text;

namespace Transformer.Autograd.Files;

/// <summary>A file of tensors could not be written, or is not whole, or does not fit its use. The message is one line: file and reason.</summary>
public sealed class TensorFileException : Exception
{
    /// <summary>Names the file and what is wrong with it.</summary>
    /// <param name="path">The file that the user asked for.</param>
    /// <param name="reason">What is wrong, in a few words.</param>
    /// <param name="innerException">What the operating system said, where it did.</param>
    public TensorFileException(string path, string reason, Exception? innerException = null)
        : base(OneLine($"{path}: {reason}"), innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file that the user asked for.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, without its name.</summary>
    public string Reason { get; }

    /// <summary>
    /// Names and keys in a damaged or hostile file may hold line breaks and the control codes of a terminal; they are shown as \u000A.
    /// </summary>
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsControl(character) || character is '\u2028' or '\u2029')
            {
                line.Append("\\u").Append(((int)character).ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                line.Append(character);
            }
        }

        return line.ToString();
    }
}

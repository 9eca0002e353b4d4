namespace Transformer.Training.Data;

/// <summary>
/// A text, vocabulary or tokenizer file that cannot be used. The message is one line that names the file and, where there
/// is one, the line in it, and can be shown to a user as it is.
/// </summary>
public sealed class DataFileException : Exception
{
    /// <summary>An error without a text.</summary>
    public DataFileException()
    {
    }

    /// <summary>An error with its text.</summary>
    /// <param name="message">One line: which file, which line, what is wrong.</param>
    public DataFileException(string message) : base(message)
    {
    }

    /// <summary>An error with its text and its cause.</summary>
    /// <param name="message">One line: which file, which line, what is wrong.</param>
    /// <param name="innerException">What the operating system or a decoder reported.</param>
    public DataFileException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

using Transformer.Autograd.Files;
using Transformer.Training.Data;

namespace Transformer.Samples.Translate.Running;

/// <summary>The user asked for something that cannot be done; one line says what. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The run began and could not be finished; one line says why. Exit code 1.</summary>
internal sealed class RunFailedException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>Writes something. The same errors mean bad use when a file is read, and a failed run when one is written.</summary>
    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public static void WhileSaving(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is TensorFileException or DataFileException)
        {
            throw new RunFailedException(error.Message, error);
        }
    }
}

/// <summary>What the program returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int RunFailed = 1;
    public const int BadUse = 2;

    /// <summary>128 + SIGINT: ended by Ctrl-C, after a checkpoint was saved.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;
}

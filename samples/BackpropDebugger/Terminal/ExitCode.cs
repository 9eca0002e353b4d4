namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>What the program returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A command of a script failed, or a file could not be written.</summary>
    public const int Failed = 1;

    public const int BadUse = 2;
}

/// <summary>The user asked for something that cannot be done; one line says what. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

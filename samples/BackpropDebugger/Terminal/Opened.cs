using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;

namespace Transformer.Samples.BackpropDebugger.Terminal;

/// <summary>What is stepped through: a case that was just run, or a file.</summary>
internal sealed record Opened(Recording Recording, string Title, string Text)
{
    private Case? Case { get; init; }

    /// <summary>The commands that find the case's planted bug.</summary>
    /// <exception cref="UsageException">Nothing is planted here.</exception>
    public CommandScript Hunt => Case is { Script.Count: > 0 } planted
        ? new CommandScript($"the hunt of {planted.Name}", planted.Script)
        : throw new UsageException("--hunt needs a case with a planted bug; --list names them");

    /// <exception cref="UsageException">There is no such case, or the file is no recording.</exception>
    public static Opened Open(string? caseName, string? file)
    {
        if (caseName is not null && file is not null)
            throw new UsageException("--case and --recording exclude each other");
        if (file is not null)
            return FromFile(file);
        Case chosen = caseName is null
            ? CaseCatalogue.All[0]
            : CaseCatalogue.All.FirstOrDefault(entry => entry.Name == caseName)
                ?? throw new UsageException($"there is no case {caseName}; there are {string.Join(", ", CaseCatalogue.All.Select(entry => entry.Name))}");
        return new Opened(chosen.Record(), chosen.Title, chosen.Text) { Case = chosen };
    }

    private static Opened FromFile(string file)
    {
        try
        {
            Recording recording = RecordingFile.Load(file);
            return new Opened(recording, recording.Facts.GetValueOrDefault("title") ?? Path.GetFileName(file), string.Empty);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException(error.Message);
        }
    }
}

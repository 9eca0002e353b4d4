using System.Globalization;
using System.Text.Json;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>The terminal's commands on the page: one session, whose cursor follows the page's and the other way round.</summary>
internal sealed class PageCommands(Recording recording)
{
    private readonly DebugSession session = new(recording);

    /// <summary>Does one command with the cursor where the page has it.</summary>
    /// <returns>JSON: the answer's text, whether it is an error, and where the cursor is afterwards.</returns>
    public byte[] Execute(string line, int cursor)
    {
        CommandResult result;
        try
        {
            if (session.Cursor != cursor)
                session.Execute(string.Create(CultureInfo.InvariantCulture, $"goto {cursor}"));
            result = session.Execute(line);
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException or NotImplementedException or ArgumentException)
        {
            result = new CommandResult(exception.Message, IsError: true);
        }

        return JsonSerializer.SerializeToUtf8Bytes(new { text = result.Text, isError = result.IsError, cursor = session.Cursor });
    }

    /// <summary>What may stand at the end of a line that is being typed, as a JSON array.</summary>
    public byte[] Complete(string line)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(session.Complete(line));
        }
        catch (NotImplementedException)
        {
            return "[]"u8.ToArray();
        }
    }
}

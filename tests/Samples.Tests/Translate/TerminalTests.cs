using Xunit;

namespace Samples.Tests.Translate;

/// <summary>What a person sees, and what a log file gets.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly SmallText text = new();

    public void Dispose() => text.Dispose();

    // script runs a command on a terminal of its own; its arguments go through a shell, hence the quotes.
    [ShellFact("script -qec true /dev/null")]
    public void A_terminal_gets_a_bar_and_with_NO_COLOR_plain_lines()
    {
        const string OnTerminal = "unset NO_COLOR CI; export TERM=xterm; script -qec \"$(printf '%q ' \"$@\")\" /dev/null";
        Finished coloured = TranslateProgram.RunInShell(OnTerminal, text.Train("--epochs", "2", "--json"));
        Assert.Contains("\u001b[", coloured.Output, StringComparison.Ordinal);
        Assert.Contains("━", coloured.Output, StringComparison.Ordinal);
        Finished plain = TranslateProgram.RunInShell(
            OnTerminal.Replace("export TERM", "export NO_COLOR=1 TERM", StringComparison.Ordinal), text.Train("--epochs", "2", "--json"));
        Assert.DoesNotContain('\u001b', plain.Output);
        Assert.Contains("epoch  2  loss ", plain.Output, StringComparison.Ordinal);
    }
}

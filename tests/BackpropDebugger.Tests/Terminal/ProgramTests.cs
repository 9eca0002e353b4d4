using Xunit;

namespace BackpropDebugger.Tests.Terminal;

/// <summary>The program as a script or a pipe uses it.</summary>
public class ProgramTests
{
    [Fact]
    public void Commands_come_from_a_pipe_and_answers_are_plain_text()
    {
        Finished finished = DebuggerProgram.Run("next\nprint x\nquit\nnever done\n");
        Assert.Equal((0, string.Empty), (finished.ExitCode, finished.Error));
        Assert.Contains("\n> next\nevent 1 of ", finished.Output, StringComparison.Ordinal);
        Assert.EndsWith("> quit\n", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', finished.Output);
    }

    [Fact]
    public void A_script_stops_at_its_first_failed_command_and_says_which_line()
    {
        string script = Path.Combine(Path.GetTempPath(), $"backprop-debugger-{Guid.NewGuid():N}.txt");
        File.WriteAllText(script, "# first a step\nnext\n\nprnt x\nnext\n");
        try
        {
            Finished finished = DebuggerProgram.Run("", "--case", "attention", "--script", script);
            Assert.Equal(1, finished.ExitCode);
            Assert.Contains("# first a step\n> next\nevent 1 of ", finished.Output, StringComparison.Ordinal);
            Assert.EndsWith("> prnt x\n", finished.Output, StringComparison.Ordinal);
            Assert.StartsWith($"{script}, line 4: prnt x\nerror: there is no command prnt", finished.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Theory]
    [InlineData("--case nothing", "there is no case nothing; there are scalar, attention")]
    [InlineData("--script /no/such/file", "/no/such/file")]
    [InlineData("--recording /no/such/file", "/no/such/file")]
    [InlineData("--case scalar --recording x", "exclude each other")]
    [InlineData("--port many --web", "--port")]
    [InlineData("--prot 1", "--prot")]
    public void Bad_usage_is_one_line_and_exit_code_2(string arguments, string reason)
    {
        Finished finished = DebuggerProgram.Run("", arguments.Split(' '));
        Assert.Equal((2, string.Empty), (finished.ExitCode, finished.Output));
        string line = Assert.Single(finished.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_recording_opens_again()
    {
        string file = Path.Combine(Path.GetTempPath(), $"backprop-debugger-{Guid.NewGuid():N}.safetensors");
        try
        {
            Assert.Equal(0, DebuggerProgram.Run("", "--case", "attention", "--save", file).ExitCode);
            const string Commands = "format full\nnext all\ngradients\nback all\n";
            string fromFile = DebuggerProgram.Run(Commands, "--recording", file).Output;
            string fromCase = DebuggerProgram.Run(Commands, "--case", "attention").Output;
            Assert.Equal(After(fromCase), After(fromFile));
        }
        finally
        {
            File.Delete(file);
        }

        static string After(string output) => output[output.IndexOf("> format", StringComparison.Ordinal)..];
    }

    [Fact]
    public void A_hunt_does_the_commands_of_its_case()
    {
        Finished finished = DebuggerProgram.Run("", "--case", "detached-branch", "--hunt");
        Assert.Equal((0, string.Empty), (finished.ExitCode, finished.Error));
        Assert.Contains("detached", finished.Output[finished.Output.IndexOf("\n> ", StringComparison.Ordinal)..], StringComparison.Ordinal);

        Finished nothingPlanted = DebuggerProgram.Run("", "--case", "attention", "--hunt");
        Assert.Equal(2, nothingPlanted.ExitCode);
        Assert.Contains("--hunt needs a case with a planted bug", nothingPlanted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void List_names_the_cases()
    {
        Finished finished = DebuggerProgram.Run("", "--list");
        Assert.Equal(0, finished.ExitCode);
        Assert.StartsWith("scalar ", finished.Output, StringComparison.Ordinal);
        Assert.Contains("\nattention ", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_recording_of_an_operation_of_a_cases_own_can_be_replayed()
    {
        string file = Path.Combine(Path.GetTempPath(), $"backprop-debugger-{Guid.NewGuid():N}.safetensors");
        try
        {
            Assert.Equal(0, DebuggerProgram.Run("", "--case", "bias-gradient", "--save", file).ExitCode);
            const string Commands = "break fd > 1e-4\ncontinue\nend\nfd bias[1]\nset x[0, 0] = 1\n";
            Finished finished = DebuggerProgram.Run(Commands, "--recording", file);
            Assert.Equal((0, string.Empty), (finished.ExitCode, finished.Error));
            Assert.Contains("backward  #2 AddBias", finished.Output, StringComparison.Ordinal);
            Assert.Contains("bias.grad[1] DISAGREES", finished.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

using System.Text;
using Transformer.Samples.BackpropDebugger.Terminal;
using Xunit;

namespace BackpropDebugger.Tests.Terminal;

/// <summary>Keys make lines.</summary>
public class LineEditorTests
{
    private readonly StringBuilder written = new();
    private readonly Queue<ConsoleKeyInfo> keys = [];
    private readonly LineEditor editor;

    public LineEditorTests() =>
        editor = new LineEditor(keys.Dequeue, text => written.Append(text), line => line switch
        {
            "p" or "print" => ["print"],
            "n" => ["nest", "next"],
            "ne" => ["nest", "next"],
            "print x" => ["x", "x.grad"],
            _ => [],
        }, () => 40);

    // ← → ↑ ↓ arrows, ⌂ home, ⌦ delete, ⌫ backspace, ⇥ tab, ^x control.
    [Theory]
    [InlineData("next⏎", "next")]
    [InlineData("nxt←←e⏎", "next")]
    [InlineData("ext⌂n⏎", "next")]
    [InlineData("nexxt←⌫⏎", "next")]
    [InlineData("nexxt←←⌦⏎", "next")]
    [InlineData("something^u" + "next⏎", "next")]
    [InlineData("next all^w⏎", "next ")]
    [InlineData("next all⌂→→→→^k⏎", "next")]
    [InlineData("p⇥x⏎", "print x")]
    [InlineData("n⇥⏎", "ne")]
    [InlineData("n⇥⇥x⇥t⏎", "next")]
    [InlineData("abc^c", "")]
    [InlineData("→←⌫⌦↓↑x⏎", "x")]
    [InlineData("^d", null)]
    public void A_line_is_what_the_keys_say(string typed, string? line) => Assert.Equal(line, Read(typed));

    [Fact]
    public void Up_and_down_walk_through_what_was_typed_before()
    {
        Read("one⏎");
        Read("two⏎");
        Read("two⏎");
        Assert.Equal("two", Read("↑⏎"));
        Assert.Equal("one", Read("↑↑⏎"));
        Assert.Equal("new", Read("ne↑↑↓↓↓w⏎"));
    }

    [Fact]
    public void A_second_tab_lists_the_candidates()
    {
        Read("n⇥⏎");
        Assert.DoesNotContain("nest  next", written.ToString(), StringComparison.Ordinal);
        Read("n⇥⇥⏎");
        Assert.Contains("nest  next", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_wider_than_the_terminal_is_shown_around_the_cursor()
    {
        string text = new('a', 60);
        Assert.Equal(text + "b", Read(text + "b⏎"));
        string[] drawings = written.ToString().Split("\r\u001b[K");
        Assert.All(drawings[1..], drawing => Assert.InRange(drawing.IndexOf('\r', StringComparison.Ordinal), 1, 40));
        Assert.Contains("aaab\r", drawings[^1], StringComparison.Ordinal);
    }

    private string? Read(string typed)
    {
        for (int i = 0; i < typed.Length; i++)
            keys.Enqueue(typed[i] == '^' ? Control(typed[++i]) : Key(typed[i]));
        string? line = editor.Read("> ");
        Assert.Empty(keys);
        return line;
    }

    private static ConsoleKeyInfo Control(char letter) =>
        new((char)(letter - 'a' + 1), ConsoleKey.A + (letter - 'a'), shift: false, alt: false, control: true);

    private static ConsoleKeyInfo Key(char character) => character switch
    {
        '⏎' => Special(ConsoleKey.Enter),
        '←' => Special(ConsoleKey.LeftArrow),
        '→' => Special(ConsoleKey.RightArrow),
        '↑' => Special(ConsoleKey.UpArrow),
        '↓' => Special(ConsoleKey.DownArrow),
        '⌂' => Special(ConsoleKey.Home),
        '⌦' => Special(ConsoleKey.Delete),
        '⌫' => Special(ConsoleKey.Backspace),
        '⇥' => Special(ConsoleKey.Tab),
        _ => new(character, char.IsAsciiLetterLower(character) ? ConsoleKey.A + (character - 'a') : ConsoleKey.None, false, false, false),
    };

    private static ConsoleKeyInfo Special(ConsoleKey key) => new('\0', key, shift: false, alt: false, control: false);
}

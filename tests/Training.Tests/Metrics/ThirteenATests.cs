using Transformer.Training.Metrics;
using Xunit;

namespace Training.Tests.Metrics;

public class ThirteenATests
{
    [Theory]
    [InlineData("Hello, world.", "Hello , world .")]
    [InlineData("It costs $1,000.50.", "It costs $ 1,000.50 .")] // between digits a mark stays
    [InlineData("2,3,4.", "2,3,4 .")]
    [InlineData("a.b 1.b a.1 1.2", "a . b 1 . b a . 1 1.2")]
    [InlineData(".5 5.", ". 5 5 .")]
    [InlineData("1..2", "1 . . 2")]
    [InlineData("U.S.A. 3,", "U . S . A . 3 ,")]
    [InlineData("3-4 and a-b 5- x", "3 - 4 and a-b 5 - x")] // a dash is cut off after a digit only
    [InlineData("\"Don't!\" (he said)", "\" Don't ! \" ( he said )")] // the apostrophe stays
    [InlineData("a/b_c~d^e@f#g*h+i=j", "a / b _ c ~ d ^ e @ f # g * h + i = j")]
    [InlineData("&quot;A &amp; B&quot; &lt;c&gt;", "\" A & B \" < c >")]
    [InlineData("<skipped>a<skipped>b", "ab")]
    [InlineData("exam-\nple of\na line", "example of a line")]
    [InlineData("été,naïve 10%", "été , naïve 10 %")]
    [InlineData("a–b “c”", "a–b “c”")] // only ASCII's marks are cut off
    [InlineData("𝒳. ,𝒳", "𝒳 . , 𝒳")]
    [InlineData(" a\u00A0b\u001Cc ", "a b c")]
    public void Marks_are_cut_off_as_in_mteval(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', BleuTokenizer.Tokenize(line, BleuTokenization.ThirteenA, lowerCase: false)));
}

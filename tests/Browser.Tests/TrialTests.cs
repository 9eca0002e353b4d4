using Transformer.Samples.BackpropDebugger.Web;

namespace Browser.Tests;

public sealed class TrialTests
{
    [Xunit.Fact]
    public void Write()
    {
        HtmlFile.Write(TrialRecordings.Attention(), "Attention of three tokens", "Try it.\nSecond line.", "/tmp/web/attention.html");
        HtmlFile.Write(TrialRecordings.Translation(), "One training step of the translator", "Step.", "/tmp/web/translation.html");
        HtmlFile.Write(TrialRecordings.Thousand(), "A thousand", "", "/tmp/web/thousand.html");
    }
}

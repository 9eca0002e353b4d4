using Xunit;

namespace Browser.Tests;

/// <summary>A test that needs Debian's Chromium; skips aloud where it is absent. No browser is ever downloaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium))
            Skip = $"{Chromium} is not there: apt-get install chromium.";
    }
}

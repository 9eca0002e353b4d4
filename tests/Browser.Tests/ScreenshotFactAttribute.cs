using Xunit;

namespace Browser.Tests;

/// <summary>Runs only where SCREENSHOTS names a folder to write pictures to.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScreenshotFactAttribute : FactAttribute
{
    public ScreenshotFactAttribute()
    {
        if (string.IsNullOrEmpty(Folder))
            Skip = "Set SCREENSHOTS to a folder to have pictures of the page written there.";
        else if (!File.Exists(BrowserFactAttribute.Chromium))
            Skip = $"{BrowserFactAttribute.Chromium} is not there: apt-get install chromium.";
    }

    public static string? Folder { get; } = Environment.GetEnvironmentVariable("SCREENSHOTS");
}

using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>A recording as the page sees it: what it starts with, values by number, answers by path.</summary>
internal sealed class PageView
{
    private readonly Lazy<byte[]> model;

    public PageView(Recording recording, string title, string text, PagePlace place)
    {
        Recording = recording;
        Place = place;
        Values = new ValueTable(recording);
        Answers = new Answers(recording);
        model = new Lazy<byte[]>(() => PageModel.Write(recording, Values, title, text, Place));
    }

    public Recording Recording { get; }

    public PagePlace Place { get; }

    public ValueTable Values { get; }

    public Answers Answers { get; }

    /// <summary>The JSON of <see cref="PageModel"/>.</summary>
    public byte[] Model => model.Value;
}

/// <summary>Which of a session's recordings the page shows.</summary>
/// <param name="View">Its number; 0 is the recording that the session began with.</param>
/// <param name="Note">What it is; empty for the recording itself.</param>
/// <param name="Leave">The command that leads back; empty for the recording itself.</param>
internal sealed record PagePlace(int View, string Note, string Leave)
{
    public static PagePlace Itself { get; } = new(0, string.Empty, string.Empty);
}

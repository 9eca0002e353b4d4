using Transformer.Autograd.Debugging.Sessions.Commands;

namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>A recording and the place in it: what the session looks at, and while inside a fused operation one more of them.</summary>
internal sealed class SessionView(Recording recording, string title = "")
{
    public Recording Recording { get; } = recording;

    public RecordingIndex Index { get; } = new(recording);

    public GradientsAt Gradients { get; } = new(recording);

    /// <summary>What one has entered; empty for the recording itself.</summary>
    public string Title { get; } = title;

    /// <summary>How many events have happened.</summary>
    public int Cursor { get; set; }

    public int Total => Recording.Timeline.Count;

    /// <summary>The recording as it was before <c>set</c>; null where nothing was set.</summary>
    public SessionView? Original { get; init; }

    /// <summary>What was set.</summary>
    public IReadOnlyList<ValueEdit> Edits { get; init; } = [];

    /// <summary>What was set as text; empty where nothing was.</summary>
    public string EditText => Original is null ? string.Empty : string.Join(", ", Edits.Select(edit => SetText.Of(Original.Index, edit)));

    /// <summary>What has just happened; null at the start.</summary>
    public TimelineEvent? Here => EventAt(Cursor);

    /// <summary>The event after which so many have happened; null at the start.</summary>
    public TimelineEvent? EventAt(int cursor) => cursor == 0 ? null : Recording.Timeline[cursor - 1];

    /// <summary>The module of an event; empty outside any.</summary>
    public string ModuleAt(int cursor) => EventAt(cursor)?.Operation?.Module ?? string.Empty;
}

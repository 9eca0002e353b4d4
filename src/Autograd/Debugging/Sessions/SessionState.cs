using Transformer.Autograd.Debugging.Sessions.Breakpoints;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions;

/// <summary>What commands work on: where one is, what was asked to stop at and to show, and how numbers are written.</summary>
internal sealed class SessionState
{
    private readonly Stack<SessionView> views = [];
    private volatile bool isInterrupted;

    public SessionState(Recording recording)
    {
        views.Push(new SessionView(recording));
        Values = new ValuesText(Ink, Numbers);
        Place = new PlaceText(Ink, Values);
    }

    /// <summary>The recording that one looks at now, and the place in it.</summary>
    public SessionView View => views.Peek();

    /// <summary>True inside a fused operation.</summary>
    public bool IsInside => views.Count > 1;

    public List<Breakpoint> Breakpoints { get; } = [];

    public List<Watch> Watches { get; } = [];

    public Ink Ink { get; } = new();

    public NumberText Numbers { get; } = new();

    public ValuesText Values { get; }

    public PlaceText Place { get; }

    /// <summary>True where somebody asked, perhaps from another thread, that the command under way should stop.</summary>
    public bool IsInterrupted
    {
        get => isInterrupted;
        set => isInterrupted = value;
    }

    /// <summary>Goes into the composed form of an operation.</summary>
    public void Enter(SessionView view) => views.Push(view);

    /// <summary>Goes back to the recording in which the operation is.</summary>
    public void Leave() => views.Pop();

    /// <summary>Looks at another recording in place of this one, at the same event.</summary>
    public void Replace(SessionView view)
    {
        view.Cursor = Math.Min(View.Cursor, view.Total);
        views.Pop();
        views.Push(view);
    }

    /// <summary>The text of a stop: the place, then what is watched.</summary>
    public string Stop() => string.Join('\n', [Place.Of(View), .. Watches.Select(watch => "  " + watch.Show(View))]);

    /// <summary>Moves, and shows the place.</summary>
    public string GoTo(int cursor)
    {
        View.Cursor = cursor;
        return Stop();
    }
}

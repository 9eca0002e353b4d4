using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>A ready-made recording to step through.</summary>
/// <param name="Name">What <c>--case</c> calls it: <c>attention</c>.</param>
/// <param name="Title">One line.</param>
/// <param name="Text">What one sees, and for a planted bug what goes wrong and the commands that find it.</param>
/// <param name="Script">The commands that find the planted bug, one a line; empty for a case without one.</param>
/// <param name="Record">Runs the program and records it.</param>
internal sealed record Case(string Name, string Title, string Text, IReadOnlyList<string> Script, Func<Recording> Record);

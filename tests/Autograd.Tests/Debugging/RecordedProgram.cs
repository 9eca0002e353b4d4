using Transformer.Autograd.Debugging;

namespace Autograd.Tests.Debugging;

/// <summary>Recordings for tests.</summary>
internal static class RecordedProgram
{
    public static Recording By(Action program, RecordingOptions? options = null)
    {
        using Recorder recorder = new(options);
        program();
        return recorder.ToRecording();
    }

    /// <summary>The tensor of this label.</summary>
    public static RecordedTensor Named(this Recording recording, string label) => recording.Tensors.Single(tensor => tensor.Label == label);
}

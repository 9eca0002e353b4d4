namespace Transformer.Autograd.Debugging;

/// <summary>What a recording keeps.</summary>
public sealed record RecordingOptions
{
    /// <summary>Tensors with more elements than this are kept as statistics only. The recording lists them.</summary>
    public long LargestTensor { get; init; } = 1 << 24;

    /// <summary>Bytes of values after which further tensors are kept as statistics only. The recording lists them.</summary>
    public long LargestRecording { get; init; } = 2L << 30;

    /// <summary>Whether to take a stack trace at each operation, for the source lines.</summary>
    public bool SourceLines { get; init; } = true;
}

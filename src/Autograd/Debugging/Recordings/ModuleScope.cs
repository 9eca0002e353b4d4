namespace Transformer.Autograd.Debugging;

/// <summary>
/// While open, recorded operations belong to one module. The default value does nothing: what a module opens when
/// nothing is recorded.
/// </summary>
public readonly ref struct ModuleScope : IDisposable
{
    private readonly Recorder? recorder;

    internal ModuleScope(Recorder recorder) => this.recorder = recorder;

    /// <summary>Ends the scope.</summary>
    public void Dispose() => recorder?.LeaveModule();
}

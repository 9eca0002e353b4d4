namespace Transformer.Layers;

/// <summary>What an IDE shows when a module is unfolded: its parameters, and the modules inside.</summary>
internal sealed class ModuleView(Module module)
{
    public string Path => module.Path;

    public string Kind => module.Kind;

    public string OutputShape => module.OutputShape;

    public bool Training => module.Training;

    public long ParameterCount => module.ParameterCount;

    /// <summary>Its own; those of <see cref="Children"/> are there.</summary>
    public Parameter[] Parameters => [.. module.OwnParameters.Select(entry => entry.Parameter)];

    public Module[] Children => [.. module.Children];

    public Module? Parent => module.Parent;
}

using System.Diagnostics;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Layers;

/// <summary>
/// A part of a model: it holds parameters and smaller parts, each registered on the line that creates it. A derived
/// class has a <c>Forward</c> of its own with the inputs that it needs.
/// <code>
/// public sealed class TwoLayers : Module
/// {
///     public TwoLayers(RandomStreams streams)
///     {
///         First = Register("first", new Linear(4, 8, streams));
///         Second = Register("second", new Linear(8, 2, streams));
///     }
///
///     public Linear First { get; }
///
///     public Linear Second { get; }
///
///     public Tensor Forward(Tensor x)
///     {
///         using ModuleScope scope = Enter();
///         return Second.Forward(First.Forward(x).Relu());
///     }
/// }
/// </code>
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(ModuleView))]
public abstract class Module
{
    private readonly List<Module> children = [];
    private readonly List<(string Name, Parameter Parameter)> parameters = [];
    private string name = string.Empty;
    private bool isNamedInKeys = true;
    private bool composed;

    /// <summary>The module that holds this one; null for the outermost.</summary>
    public Module? Parent { get; private set; }

    /// <summary>The modules directly inside, in order of registration.</summary>
    public IReadOnlyList<Module> Children => children;

    /// <summary>Where the module is, from the outermost: <c>encoder.layers.0.self_attn</c>; empty for the outermost itself.</summary>
    public string Path => Parent is null ? string.Empty : Parent.Path.Length == 0 ? name : $"{Parent.Path}.{name}";

    /// <summary>Its class: <c>Linear</c>, <c>MultiHeadAttention</c>, …</summary>
    public string Kind => GetType().Name;

    /// <summary>True while dropout is active; see <see cref="Train"/> and <see cref="Evaluate"/>. True at the start.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>
    /// True to compute from small operations that can be watched one by one, as the formulas read, in place of fused ones that do
    /// the work of several in one pass. Same results to rounding, same dropout masks. Setting it sets it for all modules inside.
    /// </summary>
    public bool Composed
    {
        get => composed;
        set
        {
            foreach (Module module in Modules())
                module.composed = value;
        }
    }

    /// <summary>The output's shape with its axes by name, as far as the module knows it; empty where it does not.</summary>
    public virtual string OutputShape => string.Empty;

    /// <summary>Number of trainable numbers, each shared parameter counted once.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Count);

    // "encoder.layers.0." before a parameter's own name.
    internal string KeyPrefix =>
        Parent is null ? string.Empty : isNamedInKeys ? $"{Parent.KeyPrefix}{name}." : Parent.KeyPrefix;

    internal string LocalName => name;

    internal IReadOnlyList<(string Name, Parameter Parameter)> OwnParameters => parameters;

    /// <summary>All parameters of this module and those inside it, each once, in the order of <see cref="NamedParameters"/>.</summary>
    public IEnumerable<Parameter> Parameters() => Modules().SelectMany(module => module.parameters, (_, entry) => entry.Parameter).Distinct();

    /// <summary>
    /// All parameters with their keys relative to this module, in order of registration, a module's own before those of
    /// its children. A shared parameter appears once, under its first key.
    /// </summary>
    public IEnumerable<(string Name, Parameter Parameter)> NamedParameters()
    {
        int prefix = KeyPrefix.Length;
        return Modules()
            .SelectMany(module => module.parameters.Select(entry => (Name: (module.KeyPrefix + entry.Name)[prefix..], entry.Parameter)))
            .DistinctBy(entry => entry.Parameter);
    }

    /// <summary>This module and, depth first, every module inside it.</summary>
    public IEnumerable<Module> Modules() => children.SelectMany(child => child.Modules()).Prepend(this);

    /// <summary>Switches this module and all inside it to training: dropout is active.</summary>
    public void Train() => SetTraining(true);

    /// <summary>Switches this module and all inside it to evaluation: dropout is the identity.</summary>
    public void Evaluate() => SetTraining(false);

    /// <summary>Forgets every parameter's gradient.</summary>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in Parameters())
            parameter.ZeroGradient();
    }

    /// <summary>
    /// A table of modules, output shapes where known, and each module's own parameters with their shapes and the count of
    /// their numbers. The counts add up to the total, for a shared parameter is counted at its first module only.
    /// </summary>
    public string Summary() => ModuleSummary.Of(this);

    /// <summary>Path, class and number of parameters.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{(Path.Length == 0 ? string.Empty : Path + " ")}{Kind} ({ParameterCount:N0} parameters)");

    /// <summary>
    /// First line of a forward pass, <c>using ModuleScope scope = Enter();</c>: a recording files the operations until the end of
    /// the scope under this module. It does nothing while nothing is recorded.
    /// </summary>
    protected ModuleScope Enter() => Recorder.Active is { } recorder ? recorder.EnterModule(Path, Kind) : default;

    /// <summary>Puts a module inside this one: <c>First = Register("first", new Linear(…));</c></summary>
    /// <typeparam name="TModule">The child's class.</typeparam>
    /// <param name="name">Its part of the path, and of its parameters' keys; may contain dots: <c>layers.0</c>.</param>
    /// <param name="child">The module.</param>
    /// <param name="namedInKeys">False where the keys leave the name out, as PyTorch's do for a layer's feed-forward.</param>
    /// <returns>The child.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or another module holds the child.</exception>
    protected TModule Register<TModule>(string name, TModule child, bool namedInKeys = true)
        where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        if (child.Parent is not null)
            throw new ArgumentException($"{Kind}: {child.Path} is held by {child.Parent.Kind} already; make another module, or share its parameters.");
        child.Parent = this;
        child.name = name;
        child.isNamedInKeys = namedInKeys;
        children.Add(child);
        return child;
    }

    /// <summary>Makes a tensor a parameter of this module; a <see cref="Parameter"/> of another module becomes shared.</summary>
    /// <returns>The parameter, which has the tensor's memory.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    protected Parameter Register(string name, Tensor values)
    {
        CheckName(name);
        Parameter parameter = values as Parameter ?? new Parameter(values);
        parameter.BelongTo(this, name);
        parameters.Add((name, parameter));
        return parameter;
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (children.Exists(child => child.name == name) || parameters.Exists(entry => entry.Name == name))
            throw new ArgumentException($"{Kind}: the name {name} is taken; register each child and parameter under its own.");
    }

    private void SetTraining(bool training)
    {
        foreach (Module module in Modules())
            module.Training = training;
    }
}

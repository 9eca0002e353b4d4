using Transformer.Autograd;
using Transformer.Layers;

namespace Transformer.Training.Optimizers;

/// <summary>
/// Changes parameters in place from their gradients. Its state (moments, momentum) is held in tensors with names, so that
/// a checkpoint can carry it.
/// </summary>
public abstract class Optimizer
{
    private readonly List<(string Name, Tensor Value)> state = [];
    private readonly int[] indices;

    /// <summary>An optimizer of the given parameters.</summary>
    protected Optimizer(IReadOnlyList<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        indices = new int[parameters.Count];
        LearningRate = learningRate;
    }

    /// <summary>What is optimized.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>η of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Steps done: the t of bias corrections. Set it when a run is resumed.</summary>
    public long StepCount { get; set; }

    /// <summary>Tensors that a resumed run needs, by name.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State => state;

    /// <summary>Updates every parameter that has a gradient; the gradients stay as they are.</summary>
    /// <param name="gradientScale">Factor of every gradient, such as that of <see cref="GradientClipping"/>.</param>
    public void Step(double gradientScale = 1)
    {
        StepCount++;
        int count = 0;
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Gradient is not null)
                indices[count++] = i;
        }

        Update(indices.AsSpan(0, count), gradientScale);
    }

    /// <summary>Updates parameters in place.</summary>
    /// <param name="indices">The positions among <see cref="Parameters"/> of those that have a gradient.</param>
    /// <param name="gradientScale">Factor of every gradient.</param>
    protected abstract void Update(ReadOnlySpan<int> indices, double gradientScale);

    /// <summary>A tensor of zeros for each parameter, named <c>name.parameter</c>, as a part of <see cref="State"/>.</summary>
    protected Tensor[] NewState(string name)
    {
        Tensor[] tensors = [.. Parameters.Select(parameter => Tensor.Zeros(parameter.Shape, parameter.DType))];
        for (int i = 0; i < tensors.Length; i++)
            state.Add(($"{name}.{Parameters[i].Name}", tensors[i]));
        return tensors;
    }
}

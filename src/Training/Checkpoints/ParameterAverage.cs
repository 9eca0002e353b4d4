using Transformer.Autograd;
using Transformer.Layers;

namespace Transformer.Training.Checkpoints;

/// <summary>
/// Mean of the parameters of the last k checkpoints (Vaswani et al. 2017, section 6.1, averages the last 5 or 20), kept in
/// memory; sums are formed in double precision.
/// </summary>
public sealed class ParameterAverage(int count)
{
    private readonly Queue<double[][]> snapshots = new();

    /// <summary>How many snapshots are averaged at most.</summary>
    public int Count { get; } = count >= 1 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "Average 1 snapshot or more.");

    /// <summary>Snapshots held so far.</summary>
    public int Held => snapshots.Count;

    /// <summary>Takes a copy of the parameters; the oldest copy goes where there are more than <see cref="Count"/>.</summary>
    /// <exception cref="ArgumentException">The module is of another build than those before.</exception>
    public void Add(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        double[][] copy = [.. module.Parameters().Select(parameter => parameter.ToDoubles())];
        Demand(copy.Select(values => values.Length));
        snapshots.Enqueue(copy);
        if (snapshots.Count > Count)
            snapshots.Dequeue();
    }

    /// <summary>Writes the mean of the snapshots into a module of the same build.</summary>
    /// <exception cref="InvalidOperationException">There is no snapshot.</exception>
    /// <exception cref="ArgumentException">The module is of another build.</exception>
    public void CopyTo(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (snapshots.Count == 0)
            throw new InvalidOperationException("ParameterAverage: add a snapshot first.");
        Demand(module.Parameters().Select(parameter => parameter.Count));
        int index = 0;
        foreach (Parameter parameter in module.Parameters())
        {
            double[] mean = new double[parameter.Count];
            foreach (double[][] snapshot in snapshots)
            {
                for (int i = 0; i < mean.Length; i++)
                    mean[i] += snapshot[index][i];
            }

            // Divided at the end: the mean of equal numbers is that number.
            for (int i = 0; i < mean.Length; i++)
                mean[i] /= snapshots.Count;
            parameter.CopyFrom(Tensor.Wrap(mean, parameter.Shape));
            index++;
        }
    }

    private void Demand(IEnumerable<int> sizes)
    {
        if (snapshots.TryPeek(out double[][]? first) && !sizes.SequenceEqual(first.Select(values => values.Length)))
            throw new ArgumentException("ParameterAverage: models of one build can be averaged; this one has other parameters than the snapshots.");
    }
}

using System.Numerics;
using Transformer.Autograd;
using Transformer.Kernels;
using Transformer.Layers;

namespace Transformer.Training;

/// <summary>
/// An exponential moving average of a model's parameters over the steps of training (Polyak and Juditsky 1992 average them all
/// alike; the warm-up is that of TensorFlow's ExponentialMovingAverage). The last steps' noise is smoothed out: the average
/// usually translates better than the parameters themselves, at the price of one more copy. Vaswani et al. 2017, section 6.1, take
/// the mean of the last 5 or 20 checkpoints for the same purpose; this needs no checkpoints, is there after every step, so that
/// it can be validated while the run goes on, and its one number does not change with the length of the run.
/// </summary>
public sealed class MovingAverage
{
    private readonly Parameter[] parameters;
    private readonly Tensor[] averages;
    private readonly double decay;

    /// <summary>Begins with the parameters as they are.</summary>
    /// <param name="model">Whose parameters.</param>
    /// <param name="decay">Share of the average that stays at each step, in (0, 1): 0.999 looks back about 1,000 steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not in (0, 1).</exception>
    public MovingAverage(Module model, double decay)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(decay > 0 && decay < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "The decay of an average lies between 0 and 1.");
        this.decay = decay;
        parameters = [.. model.Parameters()];
        averages = [.. parameters.Select(parameter => parameter.Keep())];
    }

    /// <summary>The averages by name, <c>average.</c> and the parameter's: what a resumed run needs.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        parameters.Zip(averages, (parameter, average) => ($"average.{parameter.Name}", average));

    // a ← d a + (1 − d) p,  d = min(decay, (1 + t) / (10 + t)): early on, what is long past counts less
    /// <summary>Takes in the parameters after step t = 1, 2, …</summary>
    public void Update(long step)
    {
        double weight = 1 - Math.Min(decay, (1.0 + step) / (10.0 + step));
        for (int i = 0; i < parameters.Length; i++)
        {
            AverageUpdate update = new(averages[i], parameters[i], weight);
            parameters[i].DType.Dispatch(ref update);
        }
    }

    /// <summary>Puts the averages into the model until the result is disposed, which puts the parameters back to the bit.</summary>
    public IDisposable InPlaceOfParameters() => new Exchanged(this);

    private void Exchange()
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            ValueExchange exchange = new(averages[i], parameters[i]);
            parameters[i].DType.Dispatch(ref exchange);
        }
    }

    private sealed class Exchanged : IDisposable
    {
        private MovingAverage? average;

        public Exchanged(MovingAverage average)
        {
            this.average = average;
            average.Exchange();
        }

        public void Dispose()
        {
            average?.Exchange();
            average = null;
        }
    }

    private readonly struct AverageUpdate(Tensor average, Tensor parameter, double weight) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            MovingAverageStep.Update(average.EditableValues<T>(), parameter.Values<T>(), T.CreateTruncating(weight));
    }

    private readonly struct ValueExchange(Tensor first, Tensor second) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Span<T> a = first.EditableValues<T>();
            Span<T> b = second.EditableValues<T>();
            for (int i = 0; i < a.Length; i++)
                (a[i], b[i]) = (b[i], a[i]);
        }
    }
}

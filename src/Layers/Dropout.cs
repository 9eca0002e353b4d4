using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;

namespace Transformer.Layers;

/// <summary>
/// Dropout (Srivastava et al. 2014): in training, sets elements to 0 with a probability and scales the others by
/// 1 / (1 − rate); in evaluation the identity. Apply each instance once in a forward pass: a second time in the same
/// step it would draw the same mask.
/// </summary>
public sealed class Dropout : Module
{
    private readonly RandomStreams streams;
    private readonly uint stream;

    /// <summary>Takes a stream number whatever the rate is, so that another rate does not change what other layers draw.</summary>
    /// <param name="rate">Probability of dropping an element, in [0, 1).</param>
    /// <param name="streams">Where random numbers come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    public Dropout(double rate, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        CheckRate(rate);
        Rate = rate;
        this.streams = streams;
        stream = streams.NextStream();
    }

    /// <summary>Probability of dropping an element.</summary>
    public double Rate { get; }

    /// <summary>x with dropped elements in training; x itself in evaluation and at rate 0, where nothing is drawn.</summary>
    public Tensor Forward(Tensor x)
    {
        using ModuleScope scope = Enter();
        ArgumentNullException.ThrowIfNull(x);
        return ActiveRate > 0 ? x.Dropout(ActiveRate, Key) : x;
    }

    /// <summary>
    /// The residual connection around a sublayer (Vaswani et al. 2017, sections 3.1 and 5.4): x + dropout(sublayer), in one pass
    /// unless <see cref="Module.Composed"/>.
    /// </summary>
    /// <param name="x">What the sublayer was given.</param>
    /// <param name="sublayer">What it made of it, of the same shape.</param>
    public Tensor Residual(Tensor x, Tensor sublayer)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Composed || ActiveRate == 0)
            return x + Forward(sublayer);
        using ModuleScope scope = Enter();
        return x.ResidualDropout(sublayer, ActiveRate, Key);
    }

    /// <summary>The rate in training, 0 in evaluation.</summary>
    internal double ActiveRate => Training ? Rate : 0;

    /// <summary>The random numbers of the current step.</summary>
    internal RandomKey Key => streams.Key(stream);

    internal static void CheckRate(double rate)
    {
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "Dropout: the rate is a probability in [0, 1).");
    }
}

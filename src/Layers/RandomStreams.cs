using Transformer.Kernels;

namespace Transformer.Layers;

/// <summary>
/// Where a model's randomness comes from: one seed, and a stream number for each consumer. Each initialization and each
/// dropout takes its own number when it is constructed, in order of construction, so that a model built twice from the
/// same configuration and seed draws the same numbers. The trainer sets <see cref="Step"/> and <see cref="MicroBatch"/>
/// before each forward pass; together with seed and stream they name the numbers drawn, so a resumed run needs these
/// alone to continue with the same dropout masks.
/// </summary>
/// <param name="seed">Seed of the run.</param>
public sealed class RandomStreams(ulong seed)
{
    private uint next;

    /// <summary>Seed of the run.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>
    /// The number of the training step, counted by the trainer; another step draws other masks. (<see cref="Autograd.Step"/>,
    /// which frees memory, knows nothing of it.)
    /// </summary>
    public uint Step { get; set; }

    /// <summary>Micro-batch within the step, where gradients of several are added up.</summary>
    public uint MicroBatch { get; set; }

    /// <summary>A stream number that nobody else has.</summary>
    public uint NextStream() => next++;

    /// <summary>
    /// The stream's random numbers in the current step and micro-batch: the same at every call until one of these changes. A
    /// dropout that is applied twice in one forward pass draws the same mask twice; give each place a stream of its own.
    /// </summary>
    public RandomKey Key(uint stream) => new(Seed, stream, Step, MicroBatch);

    /// <summary>A new stream for initial values, independent of the current step.</summary>
    public RandomKey NextInitialKey() => new(Seed, NextStream(), Step: 0, MicroBatch: 0);
}

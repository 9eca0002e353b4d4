namespace Transformer.Kernels;

/// <summary>Names one sequence of random numbers: the same key always gives the same numbers.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Stream">The consumer's own number, such as that of a dropout layer.</param>
/// <param name="Step">Training step.</param>
/// <param name="MicroBatch">Micro-batch within the step.</param>
public readonly record struct RandomKey(ulong Seed, uint Stream, uint Step, uint MicroBatch);

using static Benchmarks.Comparing.TargetKind;

namespace Benchmarks.Comparing;

/// <summary>What the engine is to reach, all in one place. The first target that fits a row counts.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new(Parts.Steps, "tiny, dropout 0.1", TimesBetter, 4),
        new(Parts.Steps, "small, dropout 0.1", TimesBetter, 2.5),
        new(Parts.Steps, "base, dropout 0.1", TimesBetter, 2),
        new(Parts.Steps, "long, dropout 0.1", TimesBetter, 5),
        new(Parts.Steps, "tiny, dropout 0", TimesBetter, 2.5),
        new(Parts.Steps, "small, dropout 0", TimesBetter, 1.7),
        new(Parts.Steps, "base, dropout 0", TimesBetter, 1.4),
        new(Parts.Steps, "long, dropout 0", TimesBetter, 2),
        new(Parts.Steps, "base, share of FMA peak", AtLeast, 60),
        new(Parts.Steps, "managed allocation*", AtMost, 64),

        new(Parts.Gpt, "managed allocation*", AtMost, 64),
        new(Parts.Gpt, "*", TimesBetter, 2),

        new(Parts.Memory, "long", TimesBetter, 6),
        new(Parts.Memory, "*", TimesBetter, 2),

        new(Parts.Decode, "small, batch 64", TimesBetter, 2),
        new(Parts.Decode, "small, batch 1", TimesBetter, 5),

        new(Parts.Gemm, "geometric mean", TimesBetter, 1.1),
        new(Parts.Gemm, "all threads: 512 x*", TimesBetter, 4),
        new(Parts.Gemm, "all threads: 32 x*", TimesBetter, 2),
        new(Parts.Gemm, "*", TimesBetter, 0.95),

        new(Parts.Ops, "softmax*", TimesBetter, 1.5),
        new(Parts.Ops, "layer norm*", TimesBetter, 1.5),
        new(Parts.Ops, "gelu*", TimesBetter, 1.5),
        new(Parts.Ops, "cross-entropy*", TimesBetter, 1.5),
        new(Parts.Ops, "embedding*", TimesBetter, 1.5),
        new(Parts.Ops, "dropout*", TimesBetter, 10),
        new(Parts.Ops, "adam*", TimesBetter, 1.5),
        new(Parts.Ops, "an addition of one number", AtMost, 100),

        new(Parts.Engine, "base, two threads against one", AtLeast, 1.8),
        new(Parts.Engine, "small, one core held by another process", AtMost, 2.5),
        new(Parts.Engine, "tiny, collections of generation 2 in 1000 steps", AtMost, 0),
        new(Parts.Engine, "samples/Translate, start to first step", AtMost, 1),
        new(Parts.Engine, "memory, length*", AtMost, 2.1),
    ];

    public static Target? For(string part, string name) => All.FirstOrDefault(target => target.IsFor(part, name));
}

namespace Benchmarks.Comparing;

/// <summary>What only our own side is measured for: threads, a busy neighbour, garbage collection, growth of memory, start.</summary>
internal static class EnginePart
{
    private const string Part = Parts.Engine;

    public static void Measure(Round round)
    {
        MeasureThreads(round);
        MeasureNeighbour(round);
        if (round.IsFirst)
        {
            MeasureCollections(round);
            MeasureMemoryGrowth(round);
        }

        round.AddOurs(Part, "samples/Translate, start to first step", "s", TranslateStart.Measure);
    }

    private static void MeasureThreads(Round round)
    {
        if (Environment.ProcessorCount < 2)
            return;
        ChildResult one = round.Ours("step --preset base --seconds 3 --train-only", ofThreads: 1);
        ChildResult two = round.Ours("step --preset base --seconds 3 --train-only", ofThreads: 2);
        round.AddOurs(Part, "base, two threads against one", "times", Milliseconds(one) / Milliseconds(two), one.Noisy || two.Noisy);
    }

    // Noise is what this one is about.
    private static void MeasureNeighbour(Round round)
    {
        ChildResult alone = round.Ours("step --preset small --steps 1000 --seconds 3 --train-only");
        ChildResult beside = round.Ours("step --preset small --steps 1000 --seconds 3 --train-only --hog", quiet: false);
        round.AddOurs(
            Part, "small, one core held by another process", "times its quiet time", Milliseconds(beside) / Milliseconds(alone), alone.Noisy);
    }

    private static void MeasureCollections(Round round)
    {
        ChildResult steps = round.Ours("step --preset tiny --steps 1000 --seconds 500 --train-only", quiet: false);
        round.AddOurs(Part, "tiny, collections of generation 2 in 1000 steps", "collections", steps.Number("gen2Collections"));
    }

    private static void MeasureMemoryGrowth(Round round)
    {
        int[] lengths = [512, 1024, 2048, 4096];
        double[] memory = [.. lengths.Select(length =>
            round.Ours($"step --preset long --batch 1 --length {length} --steps 1 --train-only", quiet: false).Number("peakMemoryMB"))];
        for (int i = 1; i < lengths.Length; i++)
            round.AddOurs(Part, $"memory, length {lengths[i - 1]} to {lengths[i]}", "times", memory[i] / memory[i - 1]);
    }

    private static double Milliseconds(ChildResult step) => step.Number("msPerStep");
}

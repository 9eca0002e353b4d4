namespace Benchmarks.Comparing;

/// <summary>The parts of a comparison, as <c>--only</c> names them, and what each of them measures in a round.</summary>
internal static class Parts
{
    public const string Steps = "steps";
    public const string Gpt = "gpt";
    public const string Memory = "memory";
    public const string Decode = "decode";
    public const string Gemm = "gemm";
    public const string Ops = "ops";
    public const string Engine = "engine";

    /// <summary>The presets whose steps and memory are compared.</summary>
    public static readonly string[] Presets = ["tiny", "small", "base", "long"];

    public static IReadOnlyList<(string Name, string Title, Action<Round> Measure)> All { get; } =
    [
        (Steps, "Training step of a translator", MeasureSteps),
        (Gpt, "Training step of a small GPT", MeasureGpt),
        (Memory, "Most resident memory in training; PyTorch as installed", MeasureMemory),
        (Decode, "Greedy decoding with cached keys and values", MeasureDecoding),
        (Ops, "Single operations, forward and backward", TableParts.MeasureOperations),
        (Gemm, "Matrix products, batch x rows x inner x columns, one thread unless said", TableParts.MeasureProducts),
        (Engine, "The engine by itself", EnginePart.Measure),
    ];

    private static void MeasureSteps(Round round)
    {
        foreach (string dropout in new[] { "0.1", "0" })
        {
            foreach (string preset in round.Presets)
            {
                string arguments = $"--preset {preset} --dropout {dropout} --steps 1000 --seconds 3";
                ChildResult ours = round.Ours($"step {arguments} --train-only");
                ChildResult? theirs = round.PyTorch($"translation_step.py {arguments}");
                round.Add(Steps, $"{preset}, dropout {dropout}", "ms", Better.Smaller, "msPerStep", ours, theirs);
                if (dropout == "0")
                    continue;
                AddAllocation(round, Steps, preset, ours);
                if (preset == "base")
                    round.AddOurs(Steps, "base, share of FMA peak", "%", ours.Number("peakShare") * 100, ours.Noisy);
            }
        }
    }

    private static void MeasureGpt(Round round)
    {
        foreach ((int batch, int length) in new[] { (4, 64), (8, 256) })
        {
            string arguments = $"--batch {batch} --length {length} --steps 1000 --seconds 3";
            ChildResult ours = round.Ours($"step --preset gpt {arguments} --train-only");
            ChildResult? theirs = round.PyTorch($"gpt_step.py {arguments}");
            string name = $"gpt, batch {batch}, length {length}";
            round.Add(Gpt, name, "ms", Better.Smaller, "msPerStep", ours, theirs);
            AddAllocation(round, Gpt, name, ours);
        }
    }

    private static void AddAllocation(Round round, string part, string name, ChildResult step) =>
        round.AddOurs(part, $"managed allocation in a step, {name}", "KiB", step.Number("allocatedBytesPerStep") / 1024);

    // Memory is the same each time, whoever else is busy.
    private static void MeasureMemory(Round round)
    {
        if (!round.IsFirst)
            return;
        foreach (string preset in round.Presets)
        {
            string arguments = $"--preset {preset} --steps 1";
            ChildResult ours = round.Ours($"step {arguments} --train-only", quiet: false);
            ChildResult? theirs = round.PyTorch($"translation_step.py {arguments}", tuned: false, quiet: false);
            round.Add(Memory, preset, "MiB", Better.Smaller, "peakMemoryMB", ours, theirs);
        }
    }

    private static void MeasureDecoding(Round round)
    {
        ChildResult ours = round.Ours("step --preset small --seconds 0");
        ChildResult? theirs = round.PyTorch("decoding.py --preset small");
        round.Add(Decode, "small, batch 64", "tokens/s", Better.Larger, "decodeTokensPerSecond", ours, theirs);
        round.Add(Decode, "small, batch 1", "tokens/s", Better.Larger, "decodeTokensPerSecondBatch1", ours, theirs);
    }
}

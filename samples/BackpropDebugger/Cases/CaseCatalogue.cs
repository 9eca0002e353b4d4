using Transformer.Samples.BackpropDebugger.Cases.Planted;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>All ready-made cases.</summary>
internal static class CaseCatalogue
{
    /// <summary>The programs with a bug, each with its twin that has the right line.</summary>
    public static IReadOnlyList<PlantedBug> Planted { get; } =
    [
        MissingScale.Bug,
        IgnoredMask.Bug,
        FutureLeak.Bug,
        UnshiftedTarget.Bug,
        GradientNotReset.Bug,
        DeadRelu.Bug,
        ExplodingGradient.Bug,
        SoftmaxOverflow.Bug,
        BiasGradient.Bug,
        DetachedBranch.Bug,
        DropoutInEvaluation.Bug,
        LearningRate.Bug,
    ];

    /// <summary>The first is what opens without arguments.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        ScalarCase.Case,
        AttentionCase.Case,
        TranslationCase.Case,
        .. Planted.Select(bug => bug.ToCase()),
    ];

    /// <summary>Makes the cases' own operations known, for their recordings and for files that hold one.</summary>
    public static void RegisterOperations() => BiasGradient.Register();
}

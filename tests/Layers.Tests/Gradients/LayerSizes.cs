using FsCheck;
using FsCheck.Fluent;

namespace Layers.Tests.Gradients;

/// <summary>What a gradient check of a layer draws at random; the numbers themselves follow from the seed.</summary>
/// <param name="Batch">Number of sentences.</param>
/// <param name="TargetLength">Positions of the target.</param>
/// <param name="SourceLength">Positions of the source.</param>
/// <param name="HeadSize">Channels of a head.</param>
/// <param name="HeadCount">Number of heads.</param>
/// <param name="Seed">Of all values; not shrunk.</param>
public sealed record LayerSizes(int Batch, int TargetLength, int SourceLength, int HeadSize, int HeadCount, int Seed)
{
    /// <summary>At least 4: after a norm over one or two channels hardly anything depends on the input.</summary>
    public int ModelSize => HeadSize * HeadCount;

    public static Arbitrary<LayerSizes> Arbitrary { get; } = Arb.From(
        from batch in Gen.Choose(1, 2)
        from target in Gen.Choose(1, 4)
        from source in Gen.Choose(1, 4)
        from head in Gen.Elements((4, 1), (2, 2), (3, 2), (2, 3), (5, 1))
        from seed in Gen.Choose(0, 1_000_000)
        select new LayerSizes(batch, target, source, head.Item1, head.Item2, seed),
        Shrink);

    private static IEnumerable<LayerSizes> Shrink(LayerSizes sizes)
    {
        if (sizes.Batch > 1)
            yield return sizes with { Batch = 1 };
        if (sizes.TargetLength > 1)
            yield return sizes with { TargetLength = sizes.TargetLength - 1 };
        if (sizes.SourceLength > 1)
            yield return sizes with { SourceLength = sizes.SourceLength - 1 };
        if (sizes.HeadCount > 1)
            yield return sizes with { HeadSize = 4, HeadCount = 1 };
    }
}

using System.Numerics;
using Transformer.Autograd;

namespace Autograd.Tests.Gradients;

/// <summary>One element of one input: where a planted error shows.</summary>
public readonly record struct Place(int Leaf, int Position);

/// <summary>An operation in two versions: the right one, and its twin with one classic mistake in the backward pass.</summary>
/// <param name="Name">What the mistake is.</param>
/// <param name="Leaves">Inputs at which the mistake shows.</param>
/// <param name="Function">The operation, applied; true for the wrong twin.</param>
/// <param name="Wrong">The elements whose gradient the wrong twin gets wrong: these and no others.</param>
public sealed record Planted(string Name, Tensor[] Leaves, Func<Tensor[], bool, Tensor> Function, Place[] Wrong)
{
    public override string ToString() => Name;
}

/// <summary>y = f(x), in plain loops over spans: what a user of the library would write outside of it.</summary>
internal abstract class PlantedOperation(bool wrong, params Tensor[] inputs) : Operation(inputs)
{
    protected bool Wrong => wrong;

    protected override Shape OutputShape => Inputs[0].Shape;

    protected static T Number<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateChecked(value);

    protected ReadOnlySpan<T> X<T>(int input = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Values<T>(Inputs[input]);

    protected Span<T> Dx<T>(int input = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ContributionTo<T>(Inputs[input]);
}

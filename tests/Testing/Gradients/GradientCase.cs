using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Testing;

/// <summary>A function of some leaves, ready to be checked; it works at either precision.</summary>
/// <param name="Function">Computes y from the leaves, the same way each time.</param>
/// <param name="Leaves">Float64 leaves.</param>
public sealed record GradientProblem(Func<IReadOnlyList<Tensor>, Tensor> Function, params IReadOnlyList<Tensor> Leaves)
{
    /// <summary>y at these leaves.</summary>
    public Tensor Apply() => Function(Leaves);

    /// <summary>Checks the gradient of every element of every leaf.</summary>
    public GradientReport Check() => GradientCheck.Run(Apply, [.. Leaves]);
}

/// <summary>Problems of one kind, drawn over random shapes.</summary>
/// <param name="Name">The operation or layer that is checked.</param>
/// <param name="Variant">Which use of it.</param>
/// <param name="Shapes">The shapes to draw.</param>
/// <param name="Make">Makes a problem from a drawing.</param>
public sealed record GradientCase(string Name, string Variant, Shapes Shapes, Func<Draw, GradientProblem> Make)
{
    /// <summary>True where the true gradient is 0 everywhere, so that there is nothing to divide an error by.</summary>
    public bool IsZeroEverywhere { get; init; }

    /// <summary>Draws problems, checks each one and counts it in the <see cref="GradientLedger"/>.</summary>
    public void Check(int count) => Properties.Check(
        count,
        drawing =>
        {
            GradientReport report = Make(drawing.Begin()).Check();
            if (IsZeroEverywhere)
                GradientLedger.RecordZero(Name, report);
            else
                GradientLedger.Record(Name, report);
        },
        Shapes);

    public override string ToString() => $"{Name}, {Variant}";
}

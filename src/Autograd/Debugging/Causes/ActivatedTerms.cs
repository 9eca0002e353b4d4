using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <summary>An affine map with activation and dropout, y = dropout(f(z)), z = x Wᵀ + b.</summary>
internal static class ActivatedTerms
{
    // ∂L/∂x[r, i] += Σₒ dz[r, o] w[o, i]        ∂L/∂w[o, i] += Σᵣ dz[r, o] x[r, i]        ∂L/∂bₒ += Σᵣ dz[r, o]
    public static IEnumerable<Term> Backward(TimelineEvent entry, Contribution contribution, int position)
    {
        RecordedOperation operation = entry.Operation!;
        foreach (Term term in MatrixTerms.LinearBackward(entry, contribution, position))
        {
            double factor = term.Factor * Slope(operation, term.Position);
            yield return new Term(term.Position, factor, factor == 0 ? 0 : factor * entry.Gradient!.ValueAt(term.Position));
        }
    }

    // A linear map's parts, each by the share of z that came through.
    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        double y = operation.Output.Values.ValueAt(position);
        double z = Sum(operation, position);
        double share = z == 0 ? 0 : y / z;
        return MatrixTerms.LinearForward(operation, position).Select(source => source with { Amount = share * source.Amount });
    }

    /// <summary>z, the sum that the activation is taken of.</summary>
    public static double Sum(RecordedOperation operation, int place) => MatrixTerms.LinearForward(operation, place).Sum(source => source.Amount);

    /// <summary>∂y/∂z: the activation's slope times the mask.</summary>
    public static double Slope(RecordedOperation operation, int place)
    {
        double kept = ResidualTerms.Kept(operation, place);
        if (kept == 0)
            return 0;
        ActivatedLinearAttributes attributes = (ActivatedLinearAttributes)operation.Attributes!;
        // The output says on which side of its kink a ReLU was.
        return attributes.Function == ActivationFunction.Relu
            ? operation.Output.Values.ValueAt(place) > 0 ? kept : 0
            : kept * Activations.Slope(attributes.Function, Sum(operation, place));
    }
}

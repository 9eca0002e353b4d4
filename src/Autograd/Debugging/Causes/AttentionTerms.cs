namespace Transformer.Autograd.Debugging;

/// <summary>The fused attention, for each head: Y = dropout(W) V, W = softmax(Q Kᵀ / √d).</summary>
internal static class AttentionTerms
{
    public static IEnumerable<Term> Backward(TimelineEvent entry, Contribution contribution, int position)
    {
        AttentionReading a = new(entry.Operation!);
        RecordedValues y = entry.Operation!.Output.Values;
        (int role, int batch, int token, int channel) = a.Locate(contribution.InputPosition, position);
        return Factors(a, y, role, batch, token, channel)
            .Select(f => new Term(f.Place, f.Factor, f.Factor * entry.Gradient!.ValueAt(f.Place)));
    }

    // y[t, c] = Σₛ m[t, s] W[t, s] v[s, c]
    public static IEnumerable<Source> Forward(RecordedOperation operation, int position)
    {
        AttentionReading a = new(operation);
        int channel = position % a.ModelSize;
        int row = position / a.ModelSize;
        (int batch, int target, int head) = (row / a.Targets, row % a.Targets, channel / a.HeadSize);
        return Enumerable.Range(0, a.Sources).Select(s => new Source(
            a.InputOf(AttentionReading.Value), a.PlaceOf(AttentionReading.Value, batch, s, channel),
            a.Kept(batch, head, target, s) * a.Weight(batch, head, target, s) * a.Of(AttentionReading.Value, batch, s, channel)));
    }

    /// <summary>Head, target and the sources' largest weight behind an output element, for a report's line.</summary>
    public static string Note(RecordedOperation operation, int output)
    {
        AttentionReading a = new(operation);
        int row = output / a.ModelSize;
        (int batch, int target, int head) = (row / a.Targets, row % a.Targets, output % a.ModelSize / a.HeadSize);
        double[] weights = [.. Enumerable.Range(0, a.Sources).Select(s => a.Weight(batch, head, target, s))];
        int largest = Elements.Largest(weights);
        return largest < 0 ? string.Empty
            : $"; head {head}, sentence {batch}, target {target} attends most to source {largest} (weight {WhyText.Number(weights[largest])})";
    }

    // ∂y[t, c']/∂q[t, c] = Σₛ m[t, s] v[s, c'] W[t, s] (k[s, c] − Σᵤ W[t, u] k[u, c]) / √d
    // ∂y[t, c']/∂k[s, c] = q[t, c] W[t, s] (m[t, s] v[s, c'] − y[t, c']) / √d
    // ∂y[t, c]/∂v[s, c] = m[t, s] W[t, s]
    private static IEnumerable<(int Place, double Factor)> Factors(
        AttentionReading a, RecordedValues y, int role, int batch, int token, int channel)
    {
        int head = channel / a.HeadSize;
        int[] channels = [.. Enumerable.Range(head * a.HeadSize, a.HeadSize)];
        int[] sources = [.. Enumerable.Range(0, a.Sources)];
        if (role == AttentionReading.Query)
        {
            double mean = sources.Sum(u => a.Weight(batch, head, token, u) * a.Of(AttentionReading.Key, batch, u, channel));
            double[] slopes = [.. sources.Select(s => a.Kept(batch, head, token, s) * a.Weight(batch, head, token, s)
                * (a.Of(AttentionReading.Key, batch, s, channel) - mean) * a.Scaling)];
            return channels.Select(c =>
                (a.Output(batch, token, c), sources.Sum(s => slopes[s] * a.Of(AttentionReading.Value, batch, s, c))));
        }

        IEnumerable<int> targets = Enumerable.Range(0, a.Targets);
        if (role == AttentionReading.Value)
            return targets.Select(t => (a.Output(batch, t, channel), a.Kept(batch, head, t, token) * a.Weight(batch, head, t, token)));
        return targets.SelectMany(t =>
        {
            double slope = a.Of(AttentionReading.Query, batch, t, channel) * a.Weight(batch, head, t, token) * a.Scaling;
            double kept = a.Kept(batch, head, t, token);
            return channels.Select(c => (
                a.Output(batch, t, c),
                slope * ((kept * a.Of(AttentionReading.Value, batch, token, c)) - y.ValueAt(a.Output(batch, t, c)))));
        });
    }
}

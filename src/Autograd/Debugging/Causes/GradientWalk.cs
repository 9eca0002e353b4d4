namespace Transformer.Autograd.Debugging;

/// <summary>
/// Follows an element's gradient back to the loss: of the operations that contributed to it the one that contributed
/// most, and of the output elements through which it did the one with the largest ∂y/∂x · ∂L/∂y.
/// </summary>
internal static class GradientWalk
{
    public static void Follow(Recording recording, Findings found, RecordedTensor tensor, int position, List<Arrival> arrivals)
    {
        arrivals = arrivals.FindAll(arrival => arrival.Event is not null);
        while (arrivals.Count > 0)
        {
            try
            {
                if (Step(recording, found, tensor, position, arrivals) is not { } next)
                    return;
                (TimelineEvent entry, position) = next;
                tensor = entry.Tensor;
                arrivals = Arrival.Of(recording, tensor, entry.Number - 1, entry.Pass);
            }
            catch (ValuesLeftOutException)
            {
                Arrival last = arrivals[^1];
                found.LeftOut(last.Event!.Operation, last.Event, tensor);
                return;
            }
        }
    }

    // One stretch: returns the event and the output element that it leads to, or null at the end of the way.
    private static (TimelineEvent Entry, int Position)? Step(
        Recording recording, Findings found, RecordedTensor tensor, int position, List<Arrival> arrivals)
    {
        List<IReadOnlyList<Term>> terms = arrivals.ConvertAll(arrival => arrival.Terms(position));
        double[] amounts = [.. arrivals.Select(arrival => arrival.Values.ValueAt(position))];
        // Where nothing arrives, the way that would have carried most.
        int chosen = Elements.Largest(
            amounts.All(amount => amount == 0) ? [.. terms.Select(list => list.Max(term => (double?)Math.Abs(term.Factor)) ?? 0)] : amounts);
        (Arrival arrival, IReadOnlyList<Term> parts) = (arrivals[chosen], terms[chosen]);
        int best = Elements.Largest(
            parts.All(part => part.Amount == 0) ? [.. parts.Select(part => part.Factor)] : [.. parts.Select(part => part.Amount)]);
        TimelineEvent entry = arrival.Event!;
        Term? term = best < 0 ? null : parts[best];
        double share = term is { } one ? Elements.Share(one.Amount, terms.Sum(list => list.Sum(part => Math.Abs(part.Amount)))) : 0;
        found.Steps.Add(new WhyStep(
            entry.Number, tensor, position, term?.Amount ?? 0, share,
            StepText(recording, tensor, position, arrival, amounts, chosen, parts, term)));
        if (arrivals.Count > 1)
            found.Add(CauseRank.Weak, Cancellation.Find(WhyText.Gradient(tensor, position), amounts, null));
        if (arrival.Contribution is not { } contribution)
            return null;

        LocalCauses local = new(entry, contribution, position, parts, term);
        foreach (Cause cause in local.Find())
            found.Add(amounts[chosen] == 0 ? CauseRank.Decisive : CauseRank.Strong, cause);
        return term is { } next && !local.Ends ? (entry, next.Position) : null;
    }

    private static string StepText(
        Recording recording, RecordedTensor tensor, int position, Arrival arrival, double[] amounts, int chosen,
        IReadOnlyList<Term> parts, Term? term)
    {
        string gradient = WhyText.Gradient(tensor, position);
        string amount = WhyText.Number(amounts[chosen]);
        if (arrival.Contribution is null)
            return $"backward pass {arrival.Event!.Pass} began here: {gradient} was set to {amount}";
        RecordedOperation operation = arrival.Event!.Operation!;
        string whole = amounts.Length == 1
            ? $"{gradient} = {amount}"
            : $"{amount} of {gradient}, {WhyText.Percent(Elements.Share(amounts[chosen], amounts.Sum(Math.Abs)))} of {amounts.Length} contributions";
        string text = $"{operation}{WhyText.Line(operation)}: {whole}";
        if (term is not { } one)
            return text;
        string incoming = $"{WhyText.Gradient(operation.Output, one.Position)} = {WhyText.Number(arrival.Event.Gradient!.ValueAt(one.Position))}";
        if (!OperationTerms.Knows(operation))
            return $"{text}; the derivative of {operation.Kind} is not known here, the largest incoming gradient is followed: {incoming}";
        text += parts.Count == 1
            ? $", from {incoming}"
            : $", of it {WhyText.Number(one.Amount)} ({WhyText.Percent(Elements.Share(one.Amount, parts.Sum(part => Math.Abs(part.Amount))))} "
                + $"of {parts.Count} terms) = {WhyText.Number(one.Factor)} · {incoming}";
        return OperationTerms.KindOf(operation) switch
        {
            "ScaledDotProductAttention" => text + AttentionTerms.Note(operation, one.Position),
            "Gather" or "TokenEmbedding" => text + GatherWords.Note(recording, operation, one.Position),
            _ => text,
        };
    }
}

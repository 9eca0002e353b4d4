namespace Transformer.Autograd.Debugging;

/// <summary>Follows a value back to the leaves, along the input elements that it owes most to.</summary>
internal static class ValueWalk
{
    /// <summary>Adds the way and its causes; it ends where somebody put a number in by hand.</summary>
    public static void Follow(Recording recording, Findings found, RecordedTensor tensor, int position, IReadOnlyList<ValueEdit> edits)
    {
        Dictionary<RecordedOperation, int> events = recording.Timeline
            .Where(entry => entry.Kind == TimelineEventKind.Forward).ToDictionary(entry => entry.Operation!, entry => entry.Number);
        while (true)
        {
            try
            {
                // The replay's tensors have the numbers of the original's, in which the edits were made.
                if (edits.Any(edit => edit.Tensor.Id == tensor.Id && edit.Position == position))
                {
                    found.Steps.Add(new WhyStep(0, tensor, position, tensor.Values.ValueAt(position), 1, $"{WhyText.Valued(tensor, position)} was set"));
                    return;
                }

                (RecordedTensor Tensor, int Position)? next = tensor.Producer is { } producer
                    ? Step(recording, found, producer, events[producer], position)
                    : Leaf(found, tensor, position);
                if (next is not { } further)
                    return;
                (tensor, position) = further;
            }
            catch (ValuesLeftOutException)
            {
                found.LeftOut(tensor.Producer, null, tensor);
                return;
            }
        }
    }

    private static (RecordedTensor Tensor, int Position)? Step(
        Recording recording, Findings found, RecordedOperation operation, int number, int position)
    {
        IReadOnlyList<Source> sources = OperationTerms.Forward(operation, position);
        double sum = sources.Sum(source => Math.Abs(source.Amount));
        if (found.Steps.Count == 0)
            Rank(recording, found, operation, number, position, sources, sum);
        int best = Largest(operation, sources);
        string text = $"{operation}{WhyText.Line(operation)}: {WhyText.Valued(operation.Output, position)}";
        if (best < 0)
        {
            found.Steps.Add(new WhyStep(number, operation.Output, position, 0, 0, $"{text}, from no element"));
            return null;
        }

        Source source = sources[best];
        double share = Elements.Share(source.Amount, sum);
        found.Steps.Add(new WhyStep(
            number, operation.Output, position, source.Amount, share, text + Way(recording, operation, position, sources.Count, source, share)));
        foreach ((CauseRank rank, Cause cause) in ValueCauses.Find(operation, position, sources))
            found.Add(rank, cause);
        return (operation.Inputs[source.Input], source.Position);
    }

    // Of equal ones, such as the factors of a product, one that was computed: a leaf ends the way.
    private static int Largest(RecordedOperation operation, IReadOnlyList<Source> sources)
    {
        int best = Elements.Largest([.. sources.Select(source => source.Amount)]);
        if (best < 0 || operation.Inputs[sources[best].Input].Producer is not null)
            return best;
        double largest = Elements.Magnitude(sources[best].Amount);
        for (int i = best + 1; i < sources.Count; i++)
        {
            if (Elements.Magnitude(sources[i].Amount) == largest && operation.Inputs[sources[i].Input].Producer is not null)
                return i;
        }

        return best;
    }

    private static void Rank(
        Recording recording, Findings found, RecordedOperation operation, int number, int position, IReadOnlyList<Source> sources, double sum)
    {
        foreach (Source source in sources.OrderByDescending(source => Elements.Magnitude(source.Amount)))
        {
            double share = Elements.Share(source.Amount, sum);
            found.Ranking.Add(new WhyStep(
                number, operation.Inputs[source.Input], source.Position, source.Amount, share,
                $"{WhyText.Number(source.Amount)} ({WhyText.Percent(share)}) from {WhyText.Valued(operation.Inputs[source.Input], source.Position)}{Note(recording, operation, position, source)}"));
        }
    }

    private static string Way(Recording recording, RecordedOperation operation, int position, int count, Source source, double share)
    {
        string input = WhyText.Valued(operation.Inputs[source.Input], source.Position);
        if (!OperationTerms.Knows(operation))
            return $"; how {operation.Kind} computes is not known here, the largest input is followed: {input}";
        string text = count == 1 ? $", from {input}" : $", most ({WhyText.Number(source.Amount)}, {WhyText.Percent(share)} of {count} parts) from {input}";
        return text + Note(recording, operation, position, source);
    }

    // Heads and weights, or the word.
    private static string Note(Recording recording, RecordedOperation operation, int position, Source source) => OperationTerms.KindOf(operation) switch
    {
        "ScaledDotProductAttention" => AttentionTerms.Note(operation, position),
        "Gather" or "TokenEmbedding" => GatherWords.Note(recording, operation, position),
        "CrossEntropy" or "ProjectedCrossEntropy" => GatherWords.TargetNote(recording, operation, source.Position),
        _ => string.Empty,
    };

    // A leaf ends the way, unless it is a detached copy that keeps the places of its elements.
    private static (RecordedTensor Tensor, int Position)? Leaf(Findings found, RecordedTensor leaf, int position)
    {
        double value = leaf.Values.ValueAt(position);
        string kind = leaf.IsParameter ? "a parameter" : "a leaf";
        if (leaf.DetachedFrom is { } original && original.Shape.ElementCount == leaf.Shape.ElementCount)
        {
            found.Steps.Add(new WhyStep(0, leaf, position, value, 1, $"{WhyText.Valued(leaf, position)} is a detached copy of {original.Label}"));
            return (original, position);
        }

        found.Steps.Add(new WhyStep(0, leaf, position, value, 1, $"{WhyText.Valued(leaf, position)} is {kind}: nothing computed it"));
        return null;
    }
}

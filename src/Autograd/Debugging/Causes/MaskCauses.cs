namespace Transformer.Autograd.Debugging;

/// <summary>Keys that a mask hides, in the composed and in the fused attention.</summary>
internal static class MaskCauses
{
    private const string OneWeight = ": the last one's weight is 1 whatever its score";

    /// <summary>A score of −∞ before a softmax: this key is masked, or every key of the row.</summary>
    public static Cause Score(RecordedOperation operation, int position)
    {
        RecordedTensor x = operation.Inputs[0];
        int width = x.Shape[-1];
        string element = WhyText.Element(x, position);
        int masked = Enumerable.Range(position / width * width, width).Count(j => double.IsNegativeInfinity(x.Values.ValueAt(j)));
        return masked == width
            ? new Cause("all keys masked", $"all {width} scores of the row of {element} are -∞, so that it attends to nothing", operation)
            : new Cause("masked key", $"the score {element} is -∞: {masked} of {width} keys of this row are masked, with weight 0", operation);
    }

    /// <summary>A query, key or value that masks or dropout cut off; null where they did not.</summary>
    public static Cause? Attention(RecordedOperation operation, int input, int position)
    {
        AttentionReading a = new(operation);
        (int role, int batch, int token, int channel) = a.Locate(input, position);
        int head = channel / a.HeadSize;
        string place = $"head {head}, sentence {batch}";
        if (role == AttentionReading.Query)
        {
            int allowed = Enumerable.Range(0, a.Sources).Count(s => a.MayAttend(batch, head, token, s));
            return allowed switch
            {
                0 => new Cause("all keys masked", $"all {a.Sources} keys of target {token} ({place}) are masked, so that it attends to nothing", operation),
                1 => new Cause("only one key", $"{a.Sources - 1} of {a.Sources} keys of target {token} ({place}) are masked{OneWeight}", operation),
                _ => null,
            };
        }

        int[] targets = [.. Enumerable.Range(0, a.Targets).Where(t => a.MayAttend(batch, head, t, token))];
        if (targets.Length == 0)
            return new Cause("masked key", $"source {token} ({place}) is masked for all {a.Targets} targets: its weights are 0", operation);
        bool isDropped = role == AttentionReading.Value
            && targets.All(t => a.Kept(batch, head, t, token) == 0 || a.Weight(batch, head, t, token) == 0)
            && targets.Any(t => a.Weight(batch, head, t, token) != 0);
        if (isDropped)
        {
            string text = $"dropout drew 0 for the weights of source {token} ({place}) of all {targets.Length} targets that may attend";
            return new Cause("dropout dropped it", text, operation);
        }

        bool isAlone = role == AttentionReading.Key
            && targets.All(t => Enumerable.Range(0, a.Sources).Count(s => a.MayAttend(batch, head, t, s)) == 1);
        return isAlone
            ? new Cause("only one key", $"source {token} ({place}) is the only key of each of {targets.Length} targets{OneWeight}", operation)
            : null;
    }

    /// <summary>A row of softmax weights that a mask leaves one key only: its weight cannot change.</summary>
    public static Cause? OnlyKey(RecordedOperation operation, int position)
    {
        RecordedTensor x = operation.Inputs[0];
        int width = x.Shape[-1];
        int kept = Enumerable.Range(position / width * width, width).Count(j => !double.IsNegativeInfinity(x.Values.ValueAt(j)));
        return kept == 1
            ? new Cause("only one key", $"{width - 1} of {width} scores of the row of {WhyText.Element(x, position)} are -∞{OneWeight}", operation)
            : null;
    }
}

namespace Transformer.Autograd.Debugging;

/// <summary>Gradients that shrink or grow from layer to layer on the way back (Pascanu et al. 2013, section 2).</summary>
internal static class LayerGradients
{
    // On average over the layers.
    private const double Factor = 10;
    private const int FewestLayers = 3;

    /// <summary>
    /// Compares the norms of ∂L/∂output of modules that are numbered alike (<c>layers.0</c>, <c>layers.1</c>, …), or, where
    /// none are, of the matrix products of the pass.
    /// </summary>
    public static Cause? Find(Recording recording, TimelineEvent? last)
    {
        if (last is null)
            return null;
        TimelineEvent[] pass = [.. recording.Timeline.Where(entry => entry.Kind == TimelineEventKind.Backward && entry.Pass == last.Pass)];
        bool isNumbered = pass.Any(entry => Layer(entry.Operation!.Module) is not null);
        if (!isNumbered)
        {
            IEnumerable<TimelineEvent> products = pass.Where(entry => entry.Operation!.Kind is "Linear" or "ActivatedLinear" or "MatMul").Reverse();
            return Judge("matrix products", [.. products.Select(entry => ($"#{entry.Operation!.Number}", entry))]);
        }

        return pass
            .Select(entry => (Layer: Layer(entry.Operation!.Module), Entry: entry))
            .Where(one => one.Layer is not null)
            .GroupBy(one => one.Layer!.Value.Stack)
            .Select(stack => Judge(stack.Key, Outputs(stack.Select(one => (one.Layer!.Value.Number, one.Entry)))))
            .FirstOrDefault(cause => cause is not null);
    }

    // For each layer the last operation that ran in it, which comes first in a backward pass.
    private static List<(string Name, TimelineEvent Entry)> Outputs(IEnumerable<(int Number, TimelineEvent Entry)> stack) =>
        [.. stack.GroupBy(one => one.Number).OrderBy(layer => layer.Key).Select(layer => ($"{layer.Key}", layer.First().Entry))];

    private static Cause? Judge(string stack, List<(string Name, TimelineEvent Entry)> layers)
    {
        if (layers.Count < FewestLayers)
            return null;
        double[] norms = [.. layers.Select(layer => layer.Entry.Gradient!.Statistics.Norm)];
        // From the last layer to the first.
        double perLayer = Math.Pow(norms[0] / norms[^1], 1.0 / (layers.Count - 1));
        if (!double.IsFinite(perLayer) || perLayer == 0 || (perLayer < Factor && perLayer > 1 / Factor))
            return null;
        bool grows = perLayer >= Factor;
        string list = string.Join(", ", Shown(layers.Count).Select(i => i < 0 ? "…" : $"{layers[i].Name}: {WhyText.Number(norms[i])}"));
        return new Cause(
            grows ? "exploding gradient" : "vanishing gradient",
            $"from the last to the first of {layers.Count} {stack}, the norm of ∂L/∂output {(grows ? "grows" : "shrinks")} "
            + $"{WhyText.Number(grows ? perLayer : 1 / perLayer)} times per layer ({list})",
            layers[0].Entry.Operation);
    }

    // The last layers first, as the gradient meets them; of many the ends.
    private static IEnumerable<int> Shown(int count) =>
        count <= 8 ? Enumerable.Range(0, count).Reverse() : [count - 1, count - 2, count - 3, -1, 2, 1, 0];

    // encoder.layers.3.linear1 → (encoder.layers, 3)
    private static (string Stack, int Number)? Layer(string module)
    {
        string[] parts = module.Split('.');
        for (int i = 1; i < parts.Length; i++)
        {
            if (int.TryParse(parts[i], out int number))
                return (string.Join('.', parts[..i]), number);
        }

        return null;
    }
}

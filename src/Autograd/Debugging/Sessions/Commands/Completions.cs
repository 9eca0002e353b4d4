using Transformer.Autograd.Debugging.Sessions.Expressions;

namespace Transformer.Autograd.Debugging.Sessions.Commands;

/// <summary>What may stand in many commands.</summary>
internal static class Completions
{
    /// <summary>Tensors, and the gradients of those that require one.</summary>
    public static IEnumerable<string> Addresses(SessionState session)
    {
        RecordingIndex index = session.View.Index;
        foreach (RecordedTensor tensor in index.Recording.Tensors)
        {
            string name = index.Reference(tensor);
            yield return name;
            if (name != tensor.Label && tensor.Name.Length > 0 && index.HasLaterVersion(tensor))
                yield return tensor.Label;
            if (tensor.RequiresGradient)
                yield return name + ".grad";
            foreach (string saved in tensor.Producer?.Saved.Keys ?? [])
                yield return $"#{tensor.Producer!.Number}.{saved}";
        }
    }

    /// <summary>What may begin an expression.</summary>
    public static IEnumerable<string> Expression(SessionState session) =>
    [
        .. Statistic.Functions.Keys, "event", "operation", "kind", "module", "forward", "backward", "not", "fd",
        .. Addresses(session),
    ];
}

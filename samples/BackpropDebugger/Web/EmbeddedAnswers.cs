using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Web;

/// <summary>
/// The answers that go into a self-contained file. Of a small recording all of them, with every finite difference of
/// its leaves; of a larger one the formula at each tensor's largest element, the one that the page shows first.
/// </summary>
internal sealed class EmbeddedAnswers(Recording recording)
{
    // An answer takes a few hundred bytes, so a file stays within a few megabytes.
    private const int MostElements = 4000;

    // Each finite difference replays the recording some twenty times.
    private const int MostDifferences = 400;

    private readonly Answers answers = new(recording);

    /// <summary>True where every element is answered.</summary>
    public bool IsSmall { get; } =
        recording.Operations.Sum(operation => (long)operation.Output.Shape.ElementCount)
        + recording.Timeline.Sum(entry => entry.Contributions.Sum(contribution => (long)contribution.Values.Count)) <= MostElements;

    /// <summary>Paths and answers.</summary>
    public IEnumerable<(string Path, byte[] Answer)> All() =>
        Paths().Distinct().Select(path => (path, answers.Find(path)!));

    private IEnumerable<string> Paths()
    {
        yield return Answers.WhyNonFinitePath;
        foreach (RecordedOperation operation in recording.Operations)
        {
            foreach (int position in Positions(operation.Output.Values))
                yield return Answers.ForwardPath(operation, position);
        }

        foreach (TimelineEvent entry in recording.Timeline)
        {
            foreach (Contribution contribution in entry.Contributions)
            {
                foreach (int position in Positions(contribution.Values))
                    yield return Answers.BackwardPath(entry, contribution.InputPosition, position);
            }
        }

        foreach (string path in recording.Tensors.SelectMany(WhyPaths))
            yield return path;
        foreach (string path in DifferencePaths())
            yield return path;
    }

    private IEnumerable<string> WhyPaths(RecordedTensor tensor)
    {
        if (IsSmall)
        {
            foreach (int position in Positions(tensor.Values))
                yield return Answers.WhyValuePath(tensor, position);
        }

        if (!tensor.RequiresGradient || GradientAtEnd(tensor) is not { } gradient)
            yield break;
        foreach (int position in Positions(gradient))
            yield return Answers.WhyGradientPath(tensor, position, recording.Timeline.Count);
    }

    private IEnumerable<string> DifferencePaths()
    {
        RecordedTensor[] leaves = [.. recording.Tensors.Where(tensor => tensor.Producer is null && tensor.RequiresGradient)];
        if (!IsSmall || leaves.Sum(leaf => leaf.Shape.ElementCount) > MostDifferences)
            return [];
        return leaves.SelectMany(leaf => Enumerable.Range(0, leaf.Shape.ElementCount).Select(i => Answers.DifferencePath(leaf, i)));
    }

    private RecordedValues? GradientAtEnd(RecordedTensor tensor)
    {
        try
        {
            return recording.GradientOf(tensor);
        }
        catch (ValuesLeftOutException)
        {
            return null;
        }
    }

    private IEnumerable<int> Positions(RecordedValues values)
    {
        if (!values.IsComplete || values.Count == 0)
            return [];
        return IsSmall ? Enumerable.Range(0, values.Count) : [Largest(values)];
    }

    // The first number that is none, else the largest in size: what heatMap.js marks first.
    private static int Largest(RecordedValues values)
    {
        int best = 0;
        for (int i = 0; i < values.Count; i++)
        {
            double value = Math.Abs(values.ValueAt(i));
            if (!double.IsFinite(value))
                return i;
            if (value > Math.Abs(values.ValueAt(best)))
                best = i;
        }

        return best;
    }
}

using System.Collections.Concurrent;
using Transformer.Autograd.Debugging;
using Transformer.Samples.BackpropDebugger.Cases;

namespace BackpropDebugger.Tests.Cases;

/// <summary>Each case's recording, made once for all tests, and what stands in it.</summary>
internal static class CaseRecordings
{
    private static readonly ConcurrentDictionary<(string Name, bool Healthy), Lazy<Recording>> Made = [];

    public static PlantedBug Bug(string name) => CaseCatalogue.Planted.Single(bug => bug.Name == name);

    public static Recording Of(string name, bool healthy = false) =>
        Made.GetOrAdd((name, healthy), _ => new Lazy<Recording>(() => Make(name, healthy))).Value;

    public static Recording Make(string name, bool healthy) => healthy
        ? Bug(name).Record(true)
        : CaseCatalogue.All.Single(entry => entry.Name == name).Record();

    public static RecordedTensor Tensor(this Recording recording, string label) =>
        recording.Tensors.First(tensor => tensor.Label == label);

    public static double Value(this Recording recording, string label) => recording.Tensor(label).Values.ValueAt(0);

    public static TensorStatistics Statistics(this Recording recording, string label) => recording.Tensor(label).Values.Statistics;

    public static TensorStatistics? GradientStatistics(this Recording recording, string label) =>
        recording.GradientOf(recording.Tensor(label))?.Statistics;

    public static RecordedOperation Operation(this Recording recording, string kind) =>
        recording.Operations.First(operation => operation.Kind == kind);
}

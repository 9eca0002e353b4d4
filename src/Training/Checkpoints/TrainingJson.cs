using System.Text.Json.Serialization;

namespace Transformer.Training.Checkpoints;

/// <summary>How records are written into metadata; generated, so that nothing is looked up by reflection.</summary>
[JsonSerializable(typeof(TrainingPosition))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class TrainingJson : JsonSerializerContext;

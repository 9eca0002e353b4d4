using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <content>Which tensors were seen, and where a leaf comes from.</content>
public sealed partial class Recorder
{
    private readonly Dictionary<Tensor, (int Version, RecordedTensor Recorded)> known = [];

    // By memory, which a copy shares with its detached twins.
    private readonly Dictionary<object, RecordedTensor> copiedFrom = [];

    // Those that hold the same numbers in the same memory: a tensor, its reshapes, its detached twins.
    private readonly Dictionary<(object Memory, int Offset, int Count, int Version), List<RecordedTensor>> byMemory = [];
    private readonly ValueCopies copies;

    /// <summary>Remembers that a leaf is a copy of another tensor, through which no gradient flows.</summary>
    internal void Copied(Tensor from, Tensor to)
    {
        // What was copied may be a detached twin, or a copy, that no operation has read.
        RecordedTensor? origin = known.TryGetValue(from, out (int Version, RecordedTensor Recorded) entry)
            ? entry.Recorded
            : SameMemory(from) ?? copiedFrom.GetValueOrDefault(from.MemoryKey.Memory);
        if (origin is not null)
            copiedFrom[to.MemoryKey.Memory] = origin;
    }

    // The tensor as it is now: after an edit it is another one.
    private RecordedTensor Find(Tensor tensor) =>
        known.TryGetValue(tensor, out (int Version, RecordedTensor Recorded) entry) && entry.Version == tensor.Version
            ? entry.Recorded
            : Add(tensor, isLeaf: true);

    private RecordedTensor Add(Tensor tensor, bool isLeaf)
    {
        RecordedTensor? earlier = known.TryGetValue(tensor, out (int Version, RecordedTensor Recorded) before) ? before.Recorded : null;
        RecordedTensor? sameMemory = SameMemory(tensor);
        RecordedTensor added = new(
            tensors.Count, tensor.Name, tensor.Shape, tensor.DType, sameMemory?.Values.As(tensor.Shape) ?? copies.Of(tensor))
        {
            RequiresGradient = tensor.RequiresGradient,
            IsParameter = tensor.IsParameter,
            DetachedFrom = !isLeaf ? null : copiedFrom.GetValueOrDefault(tensor.MemoryKey.Memory) ?? sameMemory,
            Version = (earlier?.Version ?? 0) + 1,
            EarlierVersion = earlier,
        };
        tensors.Add(added);
        known[tensor] = (tensor.Version, added);
        if (sameMemory is null)
            byMemory[tensor.MemoryKey] = [];
        byMemory[tensor.MemoryKey].Add(added);
        return added;
    }

    // The last one with the same numbers in the same memory, of the same shape where there is one.
    private RecordedTensor? SameMemory(Tensor tensor) => byMemory.TryGetValue(tensor.MemoryKey, out List<RecordedTensor>? twins)
        ? twins.FindLast(twin => twin.Shape == tensor.Shape) ?? twins[^1]
        : null;

    // A tensor may get its name after it was computed.
    private void TakeNames()
    {
        foreach ((Tensor tensor, (int _, RecordedTensor entry)) in known)
        {
            for (RecordedTensor? version = entry; version is { Name.Length: 0 }; version = version.EarlierVersion)
                version.Name = tensor.Name;
        }
    }

    /// <summary>What an operation kept and which masks it drew, each taken over or copied by <paramref name="copy"/>.</summary>
    internal static Dictionary<string, RecordedValues> SavedBy(Operation operation, Func<Tensor, RecordedValues> copy)
    {
        Dictionary<string, RecordedValues> saved = [];
        foreach (SavedTensor entry in operation.Saved)
            saved[entry.Name] = copy(entry.Values);
        if (DropoutAttributes.In(operation.Attributes) is { } dropout)
            saved["mask"] = copy(MaskOf(operation.Output.Shape, operation.Output.DType, dropout.Rate, dropout.Key));
        else if (operation.Attributes is AttentionAttributes { DropoutRate: > 0 } attention && saved.TryGetValue("weights", out RecordedValues? weights))
            saved["mask"] = copy(MaskOf(weights.Shape, weights.DType, attention.DropoutRate, attention.DropoutKey));

        return saved;
    }

    // 0 where an element is dropped, 1 / (1 − rate) where it is kept: what dropout makes of ones.
    private static Tensor MaskOf(Shape shape, DType dtype, double rate, RandomKey key)
    {
        Tensor mask = Tensor.Full(shape, 1, dtype);
        MaskDrawing drawing = new(mask, rate, key);
        dtype.Dispatch(ref drawing);
        return mask;
    }

    private readonly struct MaskDrawing(Tensor ones, double rate, RandomKey key) : ITypedAction
    {
        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Span<T> values = ones.WritableValues<T>();
            Kernels.Dropout.Forward<T>(values.ToArray(), T.CreateChecked(rate), key, values);
        }
    }

    // Copies values within the limits that the options set.
    private sealed class ValueCopies(RecordingOptions options)
    {
        private long bytes;

        public RecordedValues Of(Tensor tensor)
        {
            long size = (long)tensor.Count * tensor.DType.ByteSize();
            bool fits = tensor.Count <= options.LargestTensor && bytes + size <= options.LargestRecording;
            bytes += fits ? size : 0;
            return fits
                ? RecordedValues.CopyOf(tensor)
                : new RecordedValues(tensor.Shape, tensor.DType, TensorStatistics.Of(tensor));
        }
    }
}

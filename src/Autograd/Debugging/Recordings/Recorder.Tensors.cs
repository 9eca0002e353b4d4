using System.Numerics;
using Transformer.Kernels;

namespace Transformer.Autograd.Debugging;

/// <content>Which tensors were seen, and where a leaf comes from.</content>
public sealed partial class Recorder
{
    private readonly Dictionary<Tensor, (int Version, RecordedTensor Recorded)> known = [];
    private readonly Dictionary<Tensor, RecordedTensor> copiedFrom = [];
    private readonly Dictionary<(object Memory, int Offset, int Count, int Version), RecordedTensor> byMemory = [];
    private readonly ValueCopies copies;

    /// <summary>Remembers that a leaf is a copy of another tensor, through which no gradient flows.</summary>
    internal void Copied(Tensor from, Tensor to)
    {
        if (known.TryGetValue(from, out (int Version, RecordedTensor Recorded) entry))
            copiedFrom[to] = entry.Recorded;
    }

    // The tensor as it is now: after an edit it is another one.
    private RecordedTensor Find(Tensor tensor) =>
        known.TryGetValue(tensor, out (int Version, RecordedTensor Recorded) entry) && entry.Version == tensor.Version
            ? entry.Recorded
            : Add(tensor, isLeaf: true);

    private RecordedTensor Add(Tensor tensor, bool isLeaf)
    {
        RecordedTensor? earlier = known.TryGetValue(tensor, out (int Version, RecordedTensor Recorded) before) ? before.Recorded : null;
        bool sharesMemory = byMemory.TryGetValue(tensor.MemoryKey, out RecordedTensor? sameMemory);
        RecordedTensor added = new(
            tensors.Count, tensor.Name, tensor.Shape, tensor.DType,
            sharesMemory ? sameMemory!.Values.As(tensor.Shape) : copies.Of(tensor))
        {
            RequiresGradient = tensor.RequiresGradient,
            IsParameter = tensor.IsParameter,
            DetachedFrom = !isLeaf ? null : copiedFrom.GetValueOrDefault(tensor) ?? sameMemory,
            Version = (earlier?.Version ?? 0) + 1,
            EarlierVersion = earlier,
        };
        tensors.Add(added);
        known[tensor] = (tensor.Version, added);
        byMemory[tensor.MemoryKey] = added;
        return added;
    }

    // An operation's output is recorded before the program can name it.
    private void NameTensors()
    {
        foreach ((Tensor tensor, (_, RecordedTensor named)) in known)
        {
            for (RecordedTensor? version = named; version is { Name.Length: 0 }; version = version.EarlierVersion)
                version.Name = tensor.Name;
        }
    }

    /// <summary>What an operation kept and which masks it drew, each taken over or copied by <paramref name="copy"/>.</summary>
    internal static Dictionary<string, RecordedValues> SavedBy(Operation operation, Func<Tensor, RecordedValues> copy)
    {
        Dictionary<string, RecordedValues> saved = [];
        foreach (SavedTensor entry in operation.Saved)
            saved[entry.Name] = copy(entry.Values);
        switch (operation.Attributes)
        {
            case DropoutAttributes dropout:
                saved["mask"] = copy(MaskOf(operation.Output.Shape, operation.Output.DType, dropout.Rate, dropout.Key));
                break;
            case AttentionAttributes { DropoutRate: > 0 } attention when saved.TryGetValue("weights", out RecordedValues? weights):
                saved["mask"] = copy(MaskOf(weights.Shape, weights.DType, attention.DropoutRate, attention.DropoutKey));
                break;
        }

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

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <content>What the operation reads and keeps, and at which version: a backward pass must find the values of the forward pass.</content>
public abstract partial class Operation
{
    // Nearly every operation has few inputs, and most of the graph's memory is its nodes: they need no arrays of their own.
    private const int Few = 3;
    private readonly byte fewCount;
    private readonly FewInputs fewInputs;
    private FewVersions fewVersions;
    private int outputVersion;
    private bool isComputed;
    private Details? details;

    /// <summary>Names the inputs, all of one dtype.</summary>
    /// <exception cref="ArgumentException">There is no input, or the dtypes differ.</exception>
    protected Operation(params ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.Length == 0)
            throw new ArgumentException($"{Kind}: an operation has at least one input.");
        for (int i = 0; i < inputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i]);
            if (inputs[i].DType != inputs[0].DType)
                throw MixedTypes(inputs[0].DType, inputs[i].DType);
            if (i < Few)
                fewInputs[i] = inputs[i];
        }

        if (inputs.Length <= Few)
            fewCount = (byte)inputs.Length;
        else
            details = new Details { Inputs = inputs.ToArray(), InputVersions = new int[inputs.Length] };
    }

    /// <summary>The tensors that the operation reads, in order; one tensor may stand there twice.</summary>
    public IReadOnlyList<Tensor> Inputs => (details ??= new Details()).Inputs ??= fewInputs[..fewCount].ToArray();

    /// <summary>What the forward pass kept for the backward pass beside inputs and output, by name.</summary>
    public IReadOnlyList<SavedTensor> Saved => details?.Saved ?? (IReadOnlyList<SavedTensor>)[];

    internal ReadOnlySpan<Tensor> InputSpan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => fewCount > 0 ? fewInputs[..fewCount] : details!.Inputs;
    }

    private protected DType DType => FirstInput.DType;

    private protected Tensor FirstInput => fewInputs[0];

    private protected Tensor SecondInput => fewInputs[1];

    private Span<int> InputVersions
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => fewCount > 0 ? fewVersions[..fewCount] : details!.InputVersions;
    }

    /// <summary>The values of an input, of the output or of a saved tensor, as they were when the operation was applied.</summary>
    /// <exception cref="InvalidOperationException">They were edited since.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ReadOnlySpan<T> Values<T>(Tensor tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (isComputed && !tensor.IsReleased && VersionOf(tensor) != tensor.Version)
            throw Edited(tensor);
        return tensor.WritableValues<T>();
    }

    /// <summary>
    /// Memory under a name, to keep what the forward pass computed for the backward pass. A second call with the same
    /// name gives the same memory.
    /// </summary>
    protected Tensor Save(string name, Shape shape)
    {
        List<SavedTensor> saved = (details ??= new Details()).Saved ??= [];
        foreach (SavedTensor entry in saved)
        {
            if (entry.Name == name)
                return entry.Values;
        }

        Tensor values = new(shape, DType, Step.NewStorage(DType, shape.ElementCount));
        Debugging.Poison.Fill(values);
        saved.Add(new SavedTensor(name, values));
        return values;
    }

    private int VersionOf(Tensor tensor)
    {
        ReadOnlySpan<Tensor> inputs = InputSpan;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (ReferenceEquals(inputs[i], tensor))
                return InputVersions[i];
        }

        if (ReferenceEquals(tensor, output))
            return outputVersion;
        return (details?.Saved is { } saved ? SavedVersionOf(saved, tensor) : null) ?? tensor.Version;
    }

    private static int? SavedVersionOf(List<SavedTensor> saved, Tensor tensor)
    {
        foreach (SavedTensor entry in saved)
        {
            if (ReferenceEquals(entry.Values, tensor))
                return entry.Version;
        }

        return null;
    }

    // True where one of the inputs requires a gradient.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NoteInputVersions()
    {
        ReadOnlySpan<Tensor> inputs = InputSpan;
        Span<int> versions = InputVersions;
        bool requiresGradient = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            versions[i] = inputs[i].Version;
            requiresGradient |= inputs[i].RequiresGradient;
        }

        return requiresGradient;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteComputedVersions()
    {
        outputVersion = output!.Version;
        if (details?.Saved is { } saved)
            NoteSavedVersions(saved);
        isComputed = true;
    }

    private static void NoteSavedVersions(List<SavedTensor> saved)
    {
        foreach (SavedTensor entry in saved)
            entry.Version = entry.Values.Version;
    }

    private InvalidOperationException Edited(Tensor tensor) =>
        new($"{Kind}: the backward pass needs values {tensor.Shape} that were edited after the forward pass. "
            + "Edit a Detach().Keep() copy, or edit after Backward().");

    private ArgumentException MixedTypes(DType first, DType other) =>
        new($"{Kind}: inputs have one dtype, not {first} and {other}; convert one with To(DType).");

    // What most operations do without.
    private sealed class Details
    {
        // Of more than a few inputs; of a few, for those who ask for a list.
        public Tensor[]? Inputs { get; set; }

        // Of more than a few inputs.
        public int[]? InputVersions { get; init; }

        public List<SavedTensor>? Saved { get; set; }
    }

    [InlineArray(Few)]
    private struct FewInputs
    {
        private Tensor first;
    }

    [InlineArray(Few)]
    private struct FewVersions
    {
        private int first;
    }
}

/// <summary>A tensor that an operation kept for its backward pass.</summary>
/// <param name="Name">What it is, such as <c>weights</c>.</param>
/// <param name="Values">The values; not differentiable.</param>
public sealed record SavedTensor(string Name, Tensor Values)
{
    /// <summary>The values' version when the operation had been applied.</summary>
    internal int Version { get; set; }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Transformer.Autograd;
using Transformer.Autograd.Files;
using Transformer.Layers;

namespace Transformer.Training.Checkpoints;

/// <summary>Between tensors and the entries of a safetensors file.</summary>
public static class ModelTensors
{
    /// <summary>The entry that holds a copy of a tensor's values as they are now.</summary>
    public static SafetensorsEntry Entry(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        long[] shape = [.. tensor.Shape.Select(size => (long)size)];
        return tensor.DType == DType.Float32
            ? SafetensorsEntry.From<float>(name, shape, tensor.Values<float>())
            : SafetensorsEntry.From<double>(name, shape, tensor.Values<double>());
    }

    /// <summary>All parameters of a module under their keys.</summary>
    public static IReadOnlyList<SafetensorsEntry> Entries(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return [.. module.NamedParameters().Select(named => Entry(named.Name, named.Parameter))];
    }

    /// <summary>
    /// Copies a file's entries into tensors of the same names, shapes and types, each into its own and none left over. All
    /// are checked before the first is written.
    /// </summary>
    /// <param name="file">The file's content.</param>
    /// <param name="tensors">Where the values go.</param>
    /// <param name="isForeign">True allows the file the other float type; values are converted.</param>
    /// <exception cref="TensorFileException">An entry is missing, of another shape or type, or has no place among the tensors.</exception>
    public static void Load(SafetensorsContent file, IEnumerable<(string Name, Tensor Tensor)> tensors, bool isForeign = false)
    {
        ArgumentNullException.ThrowIfNull(file);
        List<(SafetensorsEntry Entry, Tensor Tensor)> matched = [];
        HashSet<string> known = [];
        foreach ((string name, Tensor tensor) in tensors)
        {
            known.Add(name);
            ElementType type = tensor.DType == DType.Float32 ? ElementType.Float32 : ElementType.Float64;
            if (isForeign && file.Contains(name) && file[name].Type is ElementType.Float32 or ElementType.Float64)
                type = file[name].Type;
            matched.Add((file.Require(name, type, [.. tensor.Shape.Select(size => (long)size)]), tensor));
        }

        if (file.Entries.FirstOrDefault(entry => !known.Contains(entry.Name)) is { } extra)
            throw new TensorFileException(file.Path, $"tensor {extra.Name} has no place in a model of this configuration");
        foreach ((SafetensorsEntry entry, Tensor tensor) in matched)
        {
            tensor.CopyFrom(entry.Type == ElementType.Float32
                ? Tensor.Wrap(entry.Values<float>().ToArray(), tensor.Shape)
                : Tensor.Wrap(entry.Values<double>().ToArray(), tensor.Shape));
        }
    }

    /// <summary>
    /// SHA-256 over all parameters, in the order of their keys: name, a zero byte, then the values' bytes. Two models with
    /// the same digest hold the same bits.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Sha256(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Parameter parameter) in module.NamedParameters().OrderBy(named => named.Name, StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name + "\0"));
            hash.AppendData(parameter.DType == DType.Float32
                ? MemoryMarshal.AsBytes(parameter.Values<float>())
                : MemoryMarshal.AsBytes(parameter.Values<double>()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

using System.Globalization;
using Transformer.Autograd.Debugging.Sessions.Text;

namespace Transformer.Autograd.Debugging.Sessions.Addresses;

/// <summary>
/// Finds what an address means in a recording: <c>NAME</c>, <c>#12</c>, <c>leaf3</c> or <c>loss</c>; with <c>.grad</c> its
/// gradient; with <c>.in0</c> or <c>.weights</c> an input or saved values of the operation that made it. The longest name
/// wins: a tensor that is called <c>x.grad</c> comes before the gradient of <c>x</c>. Of a tensor whose values were edited,
/// such as a parameter in a recording of several steps, <c>x</c> is the version at the cursor and <c>x@2</c> the second one.
/// </summary>
internal static class AddressParser
{
    private const string GradientSuffix = ".grad";

    /// <summary>Reads an address from a command.</summary>
    public static Address Parse(Scanner scanner, SessionView view)
    {
        int start = scanner.Position;
        string name = scanner.Name();
        if (name.Length == 0)
            throw new CommandException("the name of a tensor is missing here", start);
        if (Glob.IsPattern(name) && view.Index.Labelled(name).Count == 0)
            throw new CommandException($"'{name}' names several tensors; here one is wanted", start);
        Address address = Find(name, view.Index, view.Cursor) ?? throw Unknown(name, view.Index, start);
        string? brackets = scanner.Brackets(out int column);
        return address with
        {
            Selection = brackets is null ? Selection.Whole(address.Shape) : Selection.Parse(brackets, address.Shape, column),
        };
    }

    /// <summary>All that a name with wildcards means, or the one thing that another name means.</summary>
    public static IReadOnlyList<Address> Several(string name, RecordingIndex index, int column)
    {
        if (!Glob.IsPattern(name) || index.Labelled(name).Count > 0)
            return [Find(name, index) ?? throw Unknown(name, index, column)];
        bool isGradient = name.EndsWith(GradientSuffix, StringComparison.Ordinal);
        string pattern = isGradient ? name[..^GradientSuffix.Length] : name;
        List<Address> found = [];
        AddressKind kind = isGradient ? AddressKind.Gradient : AddressKind.Value;
        bool namesVersions = pattern.Contains('@', StringComparison.Ordinal);
        foreach (RecordedTensor tensor in index.Recording.Tensors)
        {
            if (namesVersions ? Glob.Matches(pattern, index.Reference(tensor)) : tensor.Version == 1 && Glob.Matches(pattern, tensor.Label))
                found.Add(namesVersions ? Of(tensor, kind, index) : Following(Of(tensor, kind, index), index));
        }

        return found.Count > 0 ? found : throw new CommandException($"no tensor is called {pattern}", column);
    }

    /// <summary>A tensor's values or gradient.</summary>
    public static Address Of(RecordedTensor tensor, AddressKind kind, RecordingIndex index) => new()
    {
        Name = index.Reference(tensor) + (kind == AddressKind.Gradient ? GradientSuffix : string.Empty),
        Kind = kind,
        Tensor = tensor,
        Selection = Selection.Whole(tensor.Shape),
    };

    /// <summary>What a name without brackets means; null where it means nothing.</summary>
    /// <exception cref="CommandException">It may mean several things; they are listed.</exception>
    /// <param name="name">The name.</param>
    /// <param name="index">Where to look.</param>
    /// <param name="cursor">The place whose version is meant by a name without one; null for an address that follows the place.</param>
    public static Address? Find(string name, RecordingIndex index, int? cursor = null)
    {
        if (TensorOf(name, index) is { } tensor)
            return Version(Of(tensor, AddressKind.Value, index), name, index, cursor);
        int dot = name.LastIndexOf('.');
        if (dot < 0)
            return null;
        string last = name[(dot + 1)..];
        string rest = name[..dot];
        if (last == "grad")
        {
            return TensorOf(rest, index) is { } whose ? Version(Of(whose, AddressKind.Gradient, index), rest, index, cursor)
                : InputOf(rest, index) is { } input ? input with { Name = input.Name + GradientSuffix, Kind = AddressKind.Contribution }
                : null;
        }

        return InputOf(name, index) is { Kind: not AddressKind.Contribution } found ? found
            : TensorOf(rest, index)?.Producer is { } producer && producer.Saved.ContainsKey(last) ? new Address
            {
                Name = FormattableString.Invariant($"#{producer.Number}.{last}"),
                Kind = AddressKind.Saved,
                Tensor = producer.Output,
                Operation = producer,
                SavedName = last,
            }
            : null;
    }

    public static CommandException Unknown(string name, RecordingIndex index, int column)
    {
        // Numbers are like any short name, and seldom what was meant.
        IEnumerable<string> known = index.Labels.Where(label => label[0] != '#' || name[0] == '#').SelectMany(label => (string[])[label, label + GradientSuffix]);
        string hint = Nearest.Hint(name, known);
        return new CommandException($"there is no tensor {name}{(hint.Length > 0 ? hint : "; 'tensors' lists them")}", column);
    }

    // The first version stands for all where it was not named as such.
    private static Address Version(Address address, string name, RecordingIndex index, int? cursor)
    {
        bool isNamed = name.Contains('@', StringComparison.Ordinal) || name[0] == '#' || Numbered(name, "leaf") is not null || name == "loss";
        if (isNamed || !index.HasLaterVersion(address.Tensor))
            return address;
        return cursor is { } events ? Of(index.VersionAt(address.Tensor, events), address.Kind, index) : Following(address, index);
    }

    private static Address Following(Address address, RecordingIndex index) => !index.HasLaterVersion(address.Tensor) ? address : address with
    {
        Name = address.Tensor.Label + (address.Kind == AddressKind.Gradient ? GradientSuffix : string.Empty),
        FollowsVersions = true,
    };

    // #12.in0: the first input of operation 12.
    private static Address? InputOf(string name, RecordingIndex index)
    {
        int dot = name.LastIndexOf(".in", StringComparison.Ordinal);
        bool isInput = dot > 0 & int.TryParse(name.AsSpan(Math.Max(0, dot) + (dot < 0 ? 0 : 3)), NumberStyles.None, CultureInfo.InvariantCulture, out int position);
        if (!isInput || TensorOf(name[..dot], index)?.Producer is not { } producer || position >= producer.Inputs.Count)
            return null;
        return new Address
        {
            Name = FormattableString.Invariant($"#{producer.Number}.in{position}"),
            Kind = AddressKind.Value,
            Tensor = producer.Inputs[position],
            Operation = producer,
            InputPosition = position,
        };
    }

    private static RecordedTensor? TensorOf(string name, RecordingIndex index)
    {
        if (One(name, index.Labelled(name), index) is { } labelled)
            return labelled;
        if (name.IndexOf('@', StringComparison.Ordinal) == name.Length - RecordingIndex.FirstVersion.Length
            && name.EndsWith(RecordingIndex.FirstVersion, StringComparison.Ordinal)
            && TensorOf(name[..^RecordingIndex.FirstVersion.Length], index) is { Version: 1 } first)
        {
            return first;
        }

        Recording recording = index.Recording;
        if (Numbered(name, "#") is { } number)
            return number >= 1 && number <= recording.Operations.Count ? recording.Operations[number - 1].Output : null;
        if (Numbered(name, "leaf") is { } id && id < recording.Tensors.Count && recording.Tensors[id].Producer is null)
            return recording.Tensors[id];
        if (name == "loss")
            return recording.Loss;

        // The end of a path will do where only one path ends so.
        string suffix = "." + name;
        return One(name, [.. recording.Tensors.Where(tensor => tensor.Label.EndsWith(suffix, StringComparison.Ordinal))], index);
    }

    private static int? Numbered(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    private static RecordedTensor? One(string name, IReadOnlyList<RecordedTensor> tensors, RecordingIndex index)
    {
        if (tensors.Count <= 1)
            return tensors.Count == 0 ? null : tensors[0];
        IEnumerable<string> candidates = tensors.Take(8).Select(tensor =>
            index.Reference(tensor) + (tensor.Producer is { Module.Length: > 0 } producer ? $" in {producer.Module}" : string.Empty));
        throw new CommandException(
            $"{name} may be one of {tensors.Count}: {string.Join(", ", candidates)}{(tensors.Count > 8 ? ", …" : string.Empty)}");
    }
}

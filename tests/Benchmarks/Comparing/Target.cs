using System.Globalization;

namespace Benchmarks.Comparing;

/// <summary>What a row of the comparison is to reach.</summary>
/// <param name="Part">The part of the comparison.</param>
/// <param name="Name">Of the row; a star at the end stands for any rest.</param>
/// <param name="Kind">Which of its figures counts.</param>
/// <param name="Limit">The bound of that figure's median.</param>
internal sealed record Target(string Part, string Name, TargetKind Kind, double Limit)
{
    public bool IsFor(string part, string name) => part == Part
        && (Name.EndsWith('*') ? name.StartsWith(Name[..^1], StringComparison.Ordinal) : name == Name);

    /// <summary>Null where the row lacks the figure, as every ratio does without PyTorch.</summary>
    public bool? IsMetBy(double? ours, double? ratio) => Kind switch
    {
        TargetKind.TimesBetter => ratio is { } times ? times >= Limit : null,
        TargetKind.AtLeast => ours is { } value ? value >= Limit : null,
        _ => ours is { } value ? value <= Limit : null,
    };

    public string Text(string unit) => Kind switch
    {
        TargetKind.TimesBetter => string.Create(CultureInfo.InvariantCulture, $"≥ {Limit} ×"),
        TargetKind.AtLeast => string.Create(CultureInfo.InvariantCulture, $"≥ {Limit} {unit}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"≤ {Limit} {unit}"),
    };
}

/// <summary>Which figure a <see cref="Target"/> bounds.</summary>
internal enum TargetKind
{
    /// <summary>The ratio to PyTorch, from below.</summary>
    TimesBetter,

    /// <summary>Our own figure, from below.</summary>
    AtLeast,

    /// <summary>Our own figure, from above.</summary>
    AtMost,
}

using System.Runtime.CompilerServices;

namespace Transformer.Autograd.Debugging.Sessions.Expressions;

/// <summary>Local errors of backward events, each computed once: it takes two forward passes for every element that is perturbed.</summary>
internal static class LocalErrors
{
    private static readonly ConditionalWeakTable<TimelineEvent, object> Known = [];

    /// <summary>The worst relative error.</summary>
    /// <exception cref="KeyNotFoundException">The operation is not in the catalogue and cannot be run again.</exception>
    /// <exception cref="ValuesLeftOutException">A needed value was left out.</exception>
    public static double Of(Recording recording, TimelineEvent entry) => (double)Known.GetValue(entry, key => (object)Compute(recording, key));

    // A gradient that is not a number agrees with nothing.
    private static double Compute(Recording recording, TimelineEvent entry) =>
        FiniteDifference.LocalError(recording, entry).RelativeError is var error && double.IsNaN(error) ? double.PositiveInfinity : error;
}

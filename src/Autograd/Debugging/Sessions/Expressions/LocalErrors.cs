using System.Runtime.CompilerServices;

namespace Transformer.Autograd.Debugging.Sessions.Expressions;

/// <summary>Local errors of backward events, each computed once: it takes two forward passes for every element that is perturbed.</summary>
internal static class LocalErrors
{
    private static readonly ConditionalWeakTable<TimelineEvent, object> Known = [];

    /// <summary>The worst relative error; NaN where the operation cannot be run again.</summary>
    public static double Of(Recording recording, TimelineEvent entry) => (double)Known.GetValue(entry, key => (object)Compute(recording, key));

    private static double Compute(Recording recording, TimelineEvent entry)
    {
        try
        {
            // A gradient that is not a number agrees with nothing.
            double error = FiniteDifference.LocalError(recording, entry).RelativeError;
            return double.IsNaN(error) ? double.PositiveInfinity : error;
        }
        catch (Exception exception) when (exception is KeyNotFoundException or ValuesLeftOutException)
        {
            return double.NaN;
        }
    }
}

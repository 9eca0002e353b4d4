namespace Transformer.Autograd.Debugging.Sessions.Expressions;

/// <summary>Local errors of backward events, each computed once: it takes several forward passes for every element.</summary>
internal static class LocalErrors
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<TimelineEvent, object> Known = [];

    public static double Of(Recording recording, TimelineEvent entry) =>
        (double)Known.GetValue(entry, key => FiniteDifference.LocalError(recording, key).RelativeError);
}

using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Xunit;

namespace Autograd.Tests.Debugging;

/// <summary>Two recordings agree in every public property, numbers to the last bit.</summary>
internal static class RecordingEquality
{
    public static void AssertSame(Recording expected, Recording actual)
    {
        Assert.Equal(expected.Facts, actual.Facts);
        Assert.Equal(expected.Words.Keys.Order(), actual.Words.Keys.Order());
        foreach (string axis in expected.Words.Keys)
            Assert.Equal(expected.Words[axis], actual.Words[axis]);
        Zip(expected.Tensors, actual.Tensors, AssertSame);
        Zip(expected.Operations, actual.Operations, AssertSame);
        Zip(expected.Timeline, actual.Timeline, AssertSame);
        Assert.Equal(expected.Loss?.Id, actual.Loss?.Id);
    }

    public static void AssertSame(RecordedValues? expected, RecordedValues? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is null || actual is null)
            return;
        Assert.Equal((expected.Shape, expected.DType, expected.IsComplete), (actual.Shape, actual.DType, actual.IsComplete));
        Assert.Equal(expected.Statistics, actual.Statistics);
        if (expected.IsComplete)
            Assert.Equal(Bytes(expected), Bytes(actual));
    }

    /// <summary>Attributes have the same class and the same content, also where their own equality is one of references.</summary>
    public static void AssertSameAttributes(object? expected, object? actual)
    {
        Assert.Equal(expected?.GetType(), actual?.GetType());
        if (expected is null || expected.GetType().IsPrimitive || expected is string)
        {
            Assert.Equal(expected, actual);
            return;
        }

        switch (expected, actual)
        {
            case (Mask a, Mask b):
                Assert.Equal(a.Shape, b.Shape);
                Assert.Equal(a.Values.ToArray(), b.Values.ToArray());
                break;
            case (Indices a, Indices b):
                Assert.Equal(a.Shape, b.Shape);
                Assert.Equal(a.Values.ToArray(), b.Values.ToArray());
                break;
            case (ImmutableArray<int> a, ImmutableArray<int> b):
                Assert.Equal(a.ToArray(), b.ToArray());
                break;
            case (IEnumerable a, IEnumerable b):
                Assert.Equal(a.Cast<object>(), b.Cast<object>());
                break;
            default:
                foreach (System.Reflection.PropertyInfo property in expected.GetType().GetProperties())
                    AssertSameAttributes(property.GetValue(expected), property.GetValue(actual));
                break;
        }
    }

    private static void AssertSame(RecordedTensor expected, RecordedTensor actual)
    {
        Assert.Equal(
            (expected.Id, expected.Name, expected.Version, expected.Label, expected.Shape, expected.DType),
            (actual.Id, actual.Name, actual.Version, actual.Label, actual.Shape, actual.DType));
        Assert.Equal((expected.RequiresGradient, expected.IsParameter), (actual.RequiresGradient, actual.IsParameter));
        Assert.Equal(expected.Producer?.Number, actual.Producer?.Number);
        Assert.Equal(expected.DetachedFrom?.Id, actual.DetachedFrom?.Id);
        AssertSame(expected.Values, actual.Values);
        AssertSame(expected.GradientBefore, actual.GradientBefore);
    }

    private static void AssertSame(RecordedOperation expected, RecordedOperation actual)
    {
        Assert.Equal(
            (expected.Number, expected.Kind, expected.Output.Id, expected.Module, expected.ModuleKind, expected.IsOnTape),
            (actual.Number, actual.Kind, actual.Output.Id, actual.Module, actual.ModuleKind, actual.IsOnTape));
        Assert.Equal((expected.UserLine, expected.LayerLine), (actual.UserLine, actual.LayerLine));
        Assert.Equal(expected.Inputs.Select(input => input.Id), actual.Inputs.Select(input => input.Id));
        Assert.Equal(expected.Saved.Keys.Order(), actual.Saved.Keys.Order());
        foreach (string name in expected.Saved.Keys)
            AssertSame(expected.Saved[name], actual.Saved[name]);
        AssertSameAttributes(expected.Attributes, actual.Attributes);
    }

    private static void AssertSame(TimelineEvent expected, TimelineEvent actual)
    {
        Assert.Equal(
            (expected.Number, expected.Kind, expected.Operation?.Number, expected.Tensor.Id, expected.Pass),
            (actual.Number, actual.Kind, actual.Operation?.Number, actual.Tensor.Id, actual.Pass));
        AssertSame(expected.Gradient, actual.Gradient);
        Zip(expected.Contributions, actual.Contributions, (a, b) =>
        {
            Assert.Equal((a.Input.Id, a.InputPosition), (b.Input.Id, b.InputPosition));
            AssertSame(a.Values, b.Values);
        });
    }

    private static void Zip<T>(IReadOnlyList<T> expected, IReadOnlyList<T> actual, Action<T, T> assert)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            assert(expected[i], actual[i]);
    }

    private static byte[] Bytes(RecordedValues values) => values.DType == DType.Float32
        ? MemoryMarshal.AsBytes(values.Values<float>()).ToArray()
        : MemoryMarshal.AsBytes(values.Values<double>()).ToArray();
}

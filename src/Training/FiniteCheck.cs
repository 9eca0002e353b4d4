using System.Globalization;
using System.Numerics;
using Transformer.Autograd;
using Transformer.Autograd.Debugging;
using Transformer.Kernels;
using Transformer.Layers;

namespace Transformer.Training;

/// <summary>Finds the first non-finite number of a step.</summary>
internal static class FiniteCheck
{
    public static bool IsFinite(Tensor tensor)
    {
        AllFinite check = new(tensor);
        tensor.DType.Dispatch(ref check);
        return check.Result;
    }

    /// <summary>
    /// Why a loss is not finite: a parameter was not, else the first operation in order of execution that made a
    /// non-finite number from finite ones (so the −∞ with which a mask fills scores is no fault). The loss is still on the tape.
    /// </summary>
    public static string PlaceOfLoss(Module model, string what, double loss)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"the {what} is {loss}; ");
        if (FirstParameter(model, parameter => parameter) is { } name)
            return head + $"parameter {name} was not finite before the step";
        IReadOnlyList<Operation> operations = Tape.Current.Operations;
        Operation? first = operations.FirstOrDefault(operation => !IsFinite(operation.Output) && operation.Inputs.All(IsFinite));
        if (first is null)
            return head + "no recorded operation made it from finite numbers";
        // A recording also counts what is not on the tape: its own number is the one to look for.
        string place = Recorder.Active?.NumberOf(first) is { } number
            ? FormattableString.Invariant($"#{number} of the recording")
            : FormattableString.Invariant($"operation {first.Position + 1} of {operations.Count}");
        return head + $"the first operation with a non-finite result is {first} ({place})";
    }

    /// <summary>The first parameter, in the model's order, whose gradient is not finite.</summary>
    public static string PlaceOfGradient(Module model) =>
        FirstParameter(model, parameter => parameter.Gradient) is { } name
            ? $"the gradient of parameter {name} is not finite"
            : "every gradient is finite, but their norm is not";

    /// <summary>The first parameter for which the chosen tensor is not finite; null where all are.</summary>
    public static string? FirstParameter(Module model, Func<Parameter, Tensor?> choose)
    {
        foreach ((string name, Parameter parameter) in model.NamedParameters())
        {
            if (choose(parameter) is { } tensor && !IsFinite(tensor))
                return name;
        }

        return null;
    }

    private struct AllFinite(Tensor tensor) : ITypedAction
    {
        public bool Result { get; private set; }

        public void Run<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Result = Reduction.AllFinite(tensor.Values<T>());
    }
}

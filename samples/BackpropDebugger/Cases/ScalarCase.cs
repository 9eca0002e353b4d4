using Transformer.Autograd;
using Transformer.Autograd.Debugging;

namespace Transformer.Samples.BackpropDebugger.Cases;

/// <summary>Ten operations on single numbers. Every value and every gradient is a whole number.</summary>
internal static class ScalarCase
{
    private const string Text =
        """
        loss = ((x² − √(wx + b)) · (wx + b) + relu(wx))² / x⁴ with x = 2, w = −3, b = 10: small enough to check every number by hand.

        Type next until the loss is there, then on through the backward pass. Three places to look at:
          x is read by two operations, so its gradient arrives in pieces: −3 by way of wx, and twice 4 by way of x².
          s is read by two, too: 2 by way of the product, −1 by way of the root.
          relu reads a negative number and lets nothing through.
        back takes any step back; explain shows the formula with its numbers; fd x checks the gradient 5 by a difference.
        """;

    public static Case Case { get; } = new("scalar", "Ten operations on single numbers, to check by hand", Text, [], Record);

    public static Recording Record()
    {
        using Recorder recorder = new();
        recorder.AddFact("title", "a scalar expression");
        Tensor x = Tensor.Scalar(2, DType.Float64).AsLeaf().Named("x");
        Tensor w = Tensor.Scalar(-3, DType.Float64).AsLeaf().Named("w");
        Tensor b = Tensor.Scalar(10, DType.Float64).AsLeaf().Named("b");

        Tensor a = (w * x).Named("a");                          // −6
        Tensor s = (a + b).Named("s");                          // 4
        Tensor root = s.Sqrt().Named("root");                   // 2
        Tensor square = (x * x).Named("square");                // 4
        Tensor difference = (square - root).Named("difference"); // 2
        Tensor product = (difference * s).Named("product");     // 8
        Tensor rectified = a.Relu().Named("rectified");         // 0
        Tensor sum = (product + rectified).Named("sum");        // 8
        Tensor quotient = (sum / square).Named("quotient");     // 2
        Tensor loss = quotient.Power(2).Named("loss");          // 4

        loss.Backward();
        return recorder.ToRecording();
    }
}

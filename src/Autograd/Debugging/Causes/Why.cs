namespace Transformer.Autograd.Debugging;

/// <summary>A reason that has a name.</summary>
/// <param name="Name">One of: dead ReLU, masked key, saturated softmax, padding row, detached, unused, overflow in exp, division by zero, first non-finite operation, …</param>
/// <param name="Text">A sentence with the numbers that show it.</param>
/// <param name="Operation">Where; null where it is no operation.</param>
public sealed record Cause(string Name, string Text, RecordedOperation? Operation);

/// <summary>One stretch of the way from a number back to where it comes from.</summary>
/// <param name="Event">The timeline event that contributed.</param>
/// <param name="Tensor">To whose value or gradient.</param>
/// <param name="Position">Which element.</param>
/// <param name="Amount">What it contributed.</param>
/// <param name="Share">|amount| over the sum of all |amounts| at this stretch, 0 to 1.</param>
/// <param name="Text">A line for people.</param>
public sealed record WhyStep(int Event, RecordedTensor Tensor, int Position, double Amount, double Share, string Text);

/// <summary>Why a number is what it is.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Steps">The largest contributions, from the number back towards the loss (for a gradient) or the leaves (for a value).</param>
/// <param name="Causes">Causes that were found, the most telling first; may be empty.</param>
public sealed record WhyReport(string Question, IReadOnlyList<WhyStep> Steps, IReadOnlyList<Cause> Causes);

/// <summary>Asks a recording why a number is what it is.</summary>
public static class Why
{
    /// <summary>Why ∂L/∂element is what it is after the first <paramref name="events"/> events.</summary>
    public static WhyReport OfGradient(Recording recording, RecordedTensor tensor, int position, int events = int.MaxValue) =>
        throw new NotImplementedException();

    /// <summary>Why an element has its value.</summary>
    public static WhyReport OfValue(Recording recording, RecordedTensor tensor, int position) => throw new NotImplementedException();

    /// <summary>Where the first NaN or infinity came from.</summary>
    public static WhyReport OfNonFinite(Recording recording) => throw new NotImplementedException();
}

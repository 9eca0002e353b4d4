namespace Transformer.Autograd.Debugging;

/// <summary>A formula, and the same with the numbers of one element in it.</summary>
/// <param name="General">For any element: <c>∂L/∂xᵢ += yᵢ (∂L/∂yᵢ − Σⱼ ∂L/∂yⱼ yⱼ)</c>.</param>
/// <param name="Line">For this one: <c>∂L/∂x[0,2] = y[0,2]·(dy[0,2] − Σⱼ dy[0,j]·y[0,j]) = 0.31·(0.52 − 0.11) = 0.127</c>.</param>
/// <param name="Value">The number at the end of the line, computed from the numbers in it in double precision.</param>
public sealed record Explanation(string General, string Line, double Value)
{
    /// <summary>
    /// Further lines: quantities that the line names (<c>μ = (1 + 2 + 3)/3 = 2</c>), what its letters stand for, and, where
    /// the recorded number is another, a warning.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the engine computed in its own precision; NaN where it was left out or no contribution was made.</summary>
    public double Recorded { get; init; } = double.NaN;

    /// <summary>
    /// False where the recorded number is known and differs from <see cref="Value"/> by more than rounding: 1e-4 in single,
    /// 1e-9 in double precision, relative to the tensor's largest number and to what the formula's terms would add up to, were they all positive.
    /// </summary>
    public bool Agrees { get; init; } = true;

    /// <summary>All of it, a line each.</summary>
    public override string ToString() => string.Join('\n', [General, Line, .. Notes]);
}

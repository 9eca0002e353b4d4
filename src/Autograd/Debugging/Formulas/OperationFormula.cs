namespace Transformer.Autograd.Debugging;

/// <summary>
/// Formula and derivative of one kind of operation: in general, as the comments in the operation's file have them, and for
/// one element as an expression over recorded numbers.
/// </summary>
internal abstract class OperationFormula
{
    /// <summary>How the output comes about, in general.</summary>
    public abstract string Forward { get; }

    /// <summary>The derivative in general: of an input, or of the part of a packed input that the place lies in.</summary>
    public abstract string Backward(RecordedOperation operation, int input, Place at);

    /// <summary>The letter for an input.</summary>
    public virtual string Name(RecordedOperation operation, int input) => "x";

    /// <summary>True where inputs and attributes are what the formula expects: another operation may bear the same name.</summary>
    public virtual bool Fits(RecordedOperation operation) => operation.Inputs.Count == 1;

    /// <summary>One element of the output.</summary>
    public abstract Derivation OfOutput(OperationNumbers numbers, Place at);

    /// <summary>One element of the contribution to one input's gradient.</summary>
    public abstract Derivation OfInput(OperationNumbers numbers, int input, Place at);
}

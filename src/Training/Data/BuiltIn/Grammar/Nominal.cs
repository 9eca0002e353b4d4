namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>Whatever can be a subject or an object: a noun phrase, a pronoun, a question word or a relative pronoun.</summary>
internal abstract class Nominal
{
    public virtual Person Person => Person.Third;

    public abstract Number Number { get; }

    /// <summary>Personal pronouns stand directly after the finite verb.</summary>
    public virtual bool IsPronoun => false;

    /// <summary>Definite objects stand before nicht and before place; indefinite ones after them.</summary>
    public virtual bool IsDefinite => true;

    public abstract void AppendGerman(List<Token> output, Case @case);

    public abstract void AppendEnglish(List<Token> output, bool asSubject);
}

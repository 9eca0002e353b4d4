namespace Transformer.Training.Data.BuiltIn.Grammar;

/// <summary>
/// Puts a clause into German by the model of topological fields:
/// <code>
/// front field    left bracket   middle field                     right bracket
/// Gestern        hat            der Mann im Garten ein Buch      gelesen        (main clause)
///                weil           der Mann im Garten ein Buch      gelesen hat    (subordinate clause)
/// </code>
/// </summary>
internal static class GermanClause
{
    /// <summary>Main clause: the finite verb is second, whatever stands first.</summary>
    public static void AppendMain(List<Token> output, Clause clause)
    {
        GermanVerbGroup verbs = GermanVerbGroup.Of(clause, isSubordinate: false);
        AppendFrontField(output, clause);
        output.Add(verbs.Finite);
        AppendMiddleField(output, clause, skipped: clause.Front);
        output.AddRange(verbs.RightBracket);
    }

    /// <summary>Subordinate clause: conjunction or relative pronoun first, the finite verb last.</summary>
    public static void AppendSubordinate(List<Token> output, Clause clause)
    {
        GermanVerbGroup verbs = GermanVerbGroup.Of(clause, isSubordinate: true);
        Front skipped = Front.None;
        if (clause.Conjunction is { } conjunction)
        {
            output.Add(new Token(conjunction.German, new Link(clause, Part.Conjunction)));
        }
        else if (clause.Gap == clause.Subject)
        {
            clause.Subject.AppendGerman(output, Case.Nominative);
            skipped = Front.Subject;
        }
        else
        {
            clause.Accusative!.AppendGerman(output, Case.Accusative);
            skipped = Front.Object;
        }

        AppendMiddleField(output, clause, skipped);
        output.AddRange(verbs.RightBracket);
        output.Add(verbs.Finite);
    }

    /// <summary>The single constituent before the finite verb.</summary>
    public static void AppendFrontField(List<Token> output, Clause clause)
    {
        switch (clause.Front)
        {
            case Front.Subject:
                clause.Subject.AppendGerman(output, Case.Nominative);
                break;
            case Front.Object:
                clause.Accusative!.AppendGerman(output, Case.Accusative);
                break;
            case Front.Time:
                clause.Time!.AppendGerman(output, clause);
                break;
            case Front.Place:
                clause.Place!.AppendGerman(output);
                break;
            case Front.QuestionAdverb:
                output.Add(new Token(clause.QuestionAdverb!.German, new Link(clause, Part.Question)));
                break;
            default:
                break;
        }
    }

    // subject, pronouns, time, dative, definite object, nicht, companion, place, indefinite object, goal, predicate
    private static void AppendMiddleField(List<Token> output, Clause clause, Front skipped)
    {
        Nominal? accusative = skipped == Front.Object ? null : clause.Accusative;
        if (skipped != Front.Subject)
            clause.Subject.AppendGerman(output, Case.Nominative);

        // Object pronouns stand at the beginning of the middle field: hat ihn gestern besucht.
        if (accusative is { IsPronoun: true })
            accusative.AppendGerman(output, Case.Accusative);
        if (clause.Dative is { IsPronoun: true })
            clause.Dative.AppendGerman(output, Case.Dative);

        if (skipped != Front.Time)
            clause.Time?.AppendGerman(output, clause);
        if (clause.Frequency is { } frequency)
            output.Add(new Token(frequency.German, new Link(clause, Part.Frequency)));

        // The dative noun stands before the accusative noun: gibt dem Kind einen Apfel.
        if (clause.Dative is { IsPronoun: false })
            clause.Dative.AppendGerman(output, Case.Dative);
        if (accusative is { IsPronoun: false, IsDefinite: true })
            accusative.AppendGerman(output, Case.Accusative);

        // nicht follows time and definite objects and precedes company, place, goal and predicate; kein replaces it.
        if (clause.IsNegated && !clause.HasNegativeObject)
            output.Add(new Token("nicht", new Link(clause, Part.Negation)));

        clause.Companion?.AppendGerman(output);
        if (skipped != Front.Place)
            clause.Place?.AppendGerman(output);
        if (accusative is { IsPronoun: false, IsDefinite: false })
            AppendIndefiniteObject(output, clause, accusative);
        clause.Goal?.AppendGerman(output);
        clause.Predicate?.Append(output, german: true);
    }

    // kein is the article and the negation of the clause in one word.
    private static void AppendIndefiniteObject(List<Token> output, Clause clause, Nominal accusative)
    {
        int start = output.Count;
        accusative.AppendGerman(output, Case.Accusative);
        if (clause.HasNegativeObject)
            output[start] = new Token(output[start].Text, [.. output[start].Links, new Link(clause, Part.Negation)]);
    }
}
